type Comparable = string | number | boolean | null

interface Asker {
  readonly userId: string
  readonly businessUnitId: string
  readonly now: number
}

type QueryFunction = (values: readonly Comparable[], asker: Asker) => (value: Comparable) => boolean

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

function dayOf(ms: Comparable | undefined) {
  return Math.floor(Number(ms) / DAY)
}

function isNumber(value: Comparable): value is number {
  return typeof value === 'number'
}

/** `LastXHours` and its like: from so many units ago until now. */
function last(unit: number): QueryFunction {
  return ([count], { now }) =>
    (value) =>
      isNumber(value) && value <= now && value >= now - Number(count) * unit
}

function next(unit: number): QueryFunction {
  return ([count], { now }) =>
    (value) =>
      isNumber(value) && value >= now && value <= now + Number(count) * unit
}

function olderThan(unit: number): QueryFunction {
  return ([count], { now }) =>
    (value) =>
      isNumber(value) && value < now - Number(count) * unit
}

function onDay(difference: number): QueryFunction {
  return (_, { now }) =>
    (value) =>
      isNumber(value) && dayOf(value) === dayOf(now) + difference
}

/** The query functions that filters of solution tools use; times are compared in UTC. */
export const QUERY_FUNCTIONS: Readonly<Record<string, QueryFunction>> = {
  In: (values) => (value) => values.includes(value),
  NotIn: (values) => (value) => !values.includes(value),
  ContainValues: (values) => (value) => values.includes(value),
  Between:
    ([low, high]) =>
    (value) =>
      value !== null && low !== undefined && high !== undefined && value >= low! && value <= high!,
  NotBetween:
    ([low, high]) =>
    (value) =>
      value !== null && low !== undefined && high !== undefined && (value < low! || value > high!),
  BeginsWith:
    ([part]) =>
    (value) =>
      typeof value === 'string' && value.startsWith(String(part)),
  EndsWith:
    ([part]) =>
    (value) =>
      typeof value === 'string' && value.endsWith(String(part)),
  On:
    ([day]) =>
    (value) =>
      isNumber(value) && dayOf(value) === dayOf(day),
  NotOn:
    ([day]) =>
    (value) =>
      isNumber(value) && dayOf(value) !== dayOf(day),
  OnOrAfter:
    ([day]) =>
    (value) =>
      isNumber(value) && dayOf(value) >= dayOf(day),
  OnOrBefore:
    ([day]) =>
    (value) =>
      isNumber(value) && dayOf(value) <= dayOf(day),
  Today: onDay(0),
  Yesterday: onDay(-1),
  Tomorrow: onDay(1),
  Last7Days: (_, asker) => last(DAY)([7], asker),
  LastXHours: last(HOUR),
  LastXDays: last(DAY),
  LastXWeeks: last(7 * DAY),
  NextXHours: next(HOUR),
  NextXDays: next(DAY),
  OlderThanXMinutes: olderThan(MINUTE),
  OlderThanXHours: olderThan(HOUR),
  OlderThanXDays: olderThan(DAY),
  OlderThanXWeeks: olderThan(7 * DAY),
  EqualUserId:
    (_, { userId }) =>
    (value) =>
      value === userId,
  NotEqualUserId:
    (_, { userId }) =>
    (value) =>
      value !== userId,
  EqualBusinessId:
    (_, { businessUnitId }) =>
    (value) =>
      value === businessUnitId,
}
