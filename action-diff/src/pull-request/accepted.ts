import type { Pull } from './pull.ts'

/** Whether the pull request has the label by which people accept findings. GitHub's labels ignore case. */
export async function isAccepted(label: string, pull: Pull | undefined): Promise<boolean> {
  if (pull === undefined) return false
  const { labels } = await pull.now()
  return labels.some((name) => name.toLowerCase() === label.toLowerCase())
}
