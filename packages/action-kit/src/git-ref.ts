/** The branch or tag that started the workflow. */
export interface GitRef {
  readonly type: 'branch' | 'tag' | undefined
  /** Without `refs/heads/` or `refs/tags/`. */
  readonly name: string
}

/** A tag by its name, where a workflow may give `github.ref`. */
export function tagName(tagOrRef: string): string {
  return tagOrRef.replace(/^refs\/tags\//, '')
}

export function gitRef(): GitRef {
  const type = process.env['GITHUB_REF_TYPE']
  return {
    type: type === 'tag' || type === 'branch' ? type : undefined,
    name: process.env['GITHUB_REF_NAME'] ?? '',
  }
}
