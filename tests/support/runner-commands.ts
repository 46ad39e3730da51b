/** A command as the runner takes it from a line of a step's output. */
export interface RunnerCommand {
  readonly name: string
  readonly data: string
}

/** The names that the runner knows; https://github.com/actions/runner, classes that extend IActionCommandExtension. */
const known = new Set(
  'debug,notice,warning,error,group,endgroup,add-mask,echo,stop-commands,set-output,save-state,set-env,add-path,add-matcher,remove-matcher,internal-set-repo-path'.split(
    ',',
  ),
)

/**
 * Reads a line as the runner does (ActionCommand.TryParseV2 and TryParse): `::name properties::data` after what .NET
 * trims, or `##[name properties]data` anywhere. Characters without width are taken away first, since the runner
 * compares by culture.
 */
export function commandOf(line: string): RunnerCommand | undefined {
  const seen = line.replace(/[\p{Cf}\0]/gu, '').replace(/^[\s\u0085\p{White_Space}]+/u, '')
  const [, name, data] =
    /^::([^:\s]+)(?: .*?)?::(.*)$/s.exec(seen) ?? /##\[([^\]\s]+)(?: [^\]]*)?\](.*)$/s.exec(seen) ?? []
  if (name === undefined || !known.has(name.toLowerCase())) return undefined
  const undone = (data ?? '').replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
  return { name: name.toLowerCase(), data: undone }
}

/** Lines as .NET's `StreamReader.ReadLine` gives them. */
export function runnerLines(stdout: string): readonly string[] {
  return stdout.split(/\r\n|\r|\n/)
}

/** The names of all commands, in order. */
export function commandsIn(stdout: string): readonly string[] {
  return runnerLines(stdout).flatMap((line) => commandOf(line)?.name ?? [])
}
