import { describeKinds } from './describe-kinds.ts'

const described = new Map(describeKinds().map((row) => [row.section, row]))

test('every kind has files and says what Both does with it', () => {
  for (const { files, both } of described.values()) {
    expect(files.length).toBeGreaterThan(0)
    expect(both).not.toBe('')
  }
})

test('paths are shown with the names of what fills them', () => {
  expect(described.get('Roles')?.files).toEqual(['Roles/<name>.xml'])
  expect(described.get('Entities')?.files).toEqual([
    'Entities/<Name>/Entity.xml',
    'Entities/<Name>/FormXml/<type>/<formid>.xml',
    'Entities/<Name>/SavedQueries/<savedqueryid>.xml',
    'Entities/<Name>/Visualizations/<savedqueryvisualizationid>.xml',
    'Entities/<Name>/RibbonDiff.xml',
    'Entities/<Name>/Formulas/<file>',
  ])
  expect(described.get('SiteMap')).toMatchObject({
    files: ['Other/SiteMap.xml'],
    both: 'a file of each archive, `_managed` for the managed one',
  })
})
