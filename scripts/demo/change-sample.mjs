// The change that the demo makes to the sample: a column becomes required and a choice gets one more option.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const edits = [
  {
    file: 'Entities/lin_Order/Entity.xml',
    find: /(<LogicalName>lin_notes<\/LogicalName>\s*<RequiredLevel>)none/,
    write: '$1required',
    what: 'The column Notes of the table Order becomes required.',
  },
  {
    file: 'OptionSets/lin_orderstatus.xml',
    find: /( *)<\/options>/,
    write: [
      '$1  <option value="273100005" ExternalValue="" IsHidden="0">',
      '$1    <labels>',
      '$1      <label description="Returned" languagecode="1033" />',
      '$1    </labels>',
      '$1    <Descriptions>',
      '$1      <Description description="" languagecode="1033" />',
      '$1    </Descriptions>',
      '$1  </option>',
      '$1</options>',
    ].join('\n'),
    what: 'The choice Order Status gets the option Returned.',
  },
]

/** @returns {string[]} what was changed, a sentence each */
export function changeSample(folder) {
  return edits.map(({ file, find, write, what }) => {
    const path = join(folder, file)
    const text = readFileSync(path, 'utf8')
    if (!find.test(text)) throw new Error(`The sample's ${file} is not as the demo expects it.`)
    writeFileSync(path, text.replace(find, write))
    return what
  })
}
