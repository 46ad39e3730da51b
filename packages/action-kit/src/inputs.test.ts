import { onRunner } from './testing/fake-runner.ts'
import {
  booleanInput,
  enumInput,
  InputError,
  linesInput,
  numberInput,
  optionalBooleanInput,
  optionalEnumInput,
  optionalInput,
  optionalNumberInput,
  requiredInput,
  requiredNameInput,
} from './inputs.ts'

const given = (value: string): Record<string, string> => ({ 'INPUT_SOME-INPUT': value })
const name = 'some-input'
const days = ['Monday', 'Tuesday', 'Sunday'] as const

test.each<[string, string, () => unknown, unknown]>([
  ['text is trimmed', '  a b ', () => requiredInput(name), 'a b'],
  ['blank counts as not given', ' \t\n', () => optionalInput(name), undefined],
  ['true in any case', 'TRUE', () => booleanInput(name), true],
  ['false in any case', 'False', () => booleanInput(name), false],
  ['a boolean that is not given', '', () => optionalBooleanInput(name), undefined],
  ['an enum in any case gives the canonical spelling', 'mONDAY', () => enumInput(name, days), 'Monday'],
  ['an enum that is not given', '', () => optionalEnumInput(name, days), undefined],
  ['a number', '60', () => numberInput(name, { unit: 'minutes' }), 60],
  ['the smallest allowed', '0', () => numberInput(name, { unit: 'minutes', min: 0 }), 0],
  ['the largest allowed', '9', () => numberInput(name, { unit: 'minutes', max: 9 }), 9],
  ['a number that is not given', ' ', () => optionalNumberInput(name, { unit: 'minutes' }), undefined],
  [
    'lines without blanks and comments',
    'a\r\n\n  # no\n b # why\nc#d\n',
    () => linesInput(name),
    ['a', 'b', 'c#d'],
  ],
  ['no lines', '', () => linesInput(name), []],
])('%s', async (_, value, read, expected) => {
  await onRunner(given(value), () => {
    expect(read()).toEqual(expected)
  })
})

test.each<[string, () => unknown, string]>([
  ['', () => requiredInput(name), "Input 'some-input' is required and was not given."],
  ['', () => booleanInput(name), "Input 'some-input' is required and was not given."],
  ['yes', () => booleanInput(name), "Input 'some-input' is 'yes'; it must be true or false."],
  [
    'fals',
    () => booleanInput(name),
    "Input 'some-input' is 'fals'; it must be true or false. Did you mean 'false'?",
  ],
  [
    'Mondy',
    () => enumInput(name, days),
    "Input 'some-input' is 'Mondy'; it must be Monday, Tuesday or Sunday. Did you mean 'Monday'?",
  ],
  [
    'never',
    () => enumInput(name, days),
    "Input 'some-input' is 'never'; it must be Monday, Tuesday or Sunday.",
  ],
  ...['-1', '1.5', '1e3', '0x10', '5 minutes', '9999999999999999'].map(
    (value): [string, () => unknown, string] => [
      value,
      () => numberInput(name, { unit: 'minutes' }),
      `Input 'some-input' is '${value}'; it must be a whole number of minutes of at least 1.`,
    ],
  ),
  [
    '10',
    () => numberInput(name, { unit: 'minutes', max: 9 }),
    "Input 'some-input' is '10'; it must be a whole number of minutes from 1 to 9.",
  ],
])('"%s" is refused', async (value, read, message) => {
  await onRunner(given(value), () => {
    expect(read).toThrow(new InputError(message))
  })
})

test.each(['a\rb', 'a\u0085b', 'a\n::stop-commands::x', 'a\u001bb'])('%j is no name', async (value) => {
  await onRunner(given(value), () => {
    expect(() => requiredNameInput(name)).toThrow("Input 'some-input' has a line break or another control")
  })
})
