// GitHub's own description of its API (npm @octokit/openapi), by which requests of ours and answers of the emulator
// are judged. It is 385 MB, so `.ci/run` puts it into `.cache`, and nothing depends on it.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Ajv } from 'ajv'

const folder = resolve('.cache/octokit-openapi/node_modules/@octokit/openapi/generated')

/** Both servers that are supported: GitHub itself, and an Enterprise Server. */
export const SERVERS = ['api.github.com', 'ghes-3.19']

export const hasDescription = existsSync(folder)

export const howToInstallDescription = `SKIPPED: GitHub's description of its API is not there. Install it with
  npm install --no-save --prefix .cache/octokit-openapi @octokit/openapi@23.0.2`

/**
 * @param {string} server one of SERVERS
 * @returns {(exchange: import('./github-proxy.mjs').Exchange) => string[]} what is wrong with an exchange
 */
export function describedBy(server) {
  const description = JSON.parse(readFileSync(resolve(folder, `${server}.json`), 'utf8'))
  forAjv(description)
  const ajv = new Ajv({
    strict: false,
    validateSchema: false,
    allErrors: true,
    logger: false,
    formats: FORMATS,
  })
  ajv.addSchema(description, 'github')
  const paths = Object.keys(description.paths).map((template) => ({
    template,
    pattern: new RegExp(`^${template.replaceAll('.', String.raw`\.`).replace(/\{[^}]+\}/g, '[^/]+')}$`),
  }))
  const validators = new Map()
  const wrong = (pointer, value) => {
    const validate = validators.get(pointer) ?? ajv.compile({ $ref: `github#${pointer}` })
    validators.set(pointer, validate)
    return validate(value)
      ? []
      : validate.errors.map(
          ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
        )
  }
  const resolved = (value) =>
    value?.$ref === undefined
      ? value
      : value.$ref
          .slice(2)
          .split('/')
          .reduce((found, name) => found[name.replaceAll('~1', '/')], description)

  return ({ method, path, request, status, response }) => {
    const { pathname, searchParams } = new URL(path.replace(/^\/api\/v3/, ''), 'http://github')
    if (/^\/(?:api\/)?graphql$/.test(pathname)) return []
    const matching = paths.filter(({ pattern }) => pattern.test(pathname))
    // `/releases/latest` before `/releases/{id}`.
    const found = matching.toSorted((a, b) => a.template.split('{').length - b.template.split('{').length)[0]
    const at = `${method} ${path}`
    const operation = description.paths[found?.template]?.[method.toLowerCase()]
    if (operation === undefined) return [`${at} is not described`]
    const pointer = `/paths/${found.template.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}/${method.toLowerCase()}`
    const parameters = (operation.parameters ?? []).map(resolved)
    const problems = []
    for (const name of searchParams.keys())
      if (!parameters.some((parameter) => parameter.in === 'query' && parameter.name === name))
        problems.push(`the query has '${name}', which is not described`)
    const asked = operation.requestBody?.content?.['application/json']
    if (request !== undefined && asked !== undefined) {
      problems.push(
        ...wrong(`${pointer}/requestBody/content/application~1json/schema`, request),
        ...Object.keys(request)
          .filter((name) => asked.schema.properties !== undefined && !(name in asked.schema.properties))
          .map((name) => `the body has '${name}', which is not described`),
      )
    }
    const answers = operation.responses[status]
    const answer = resolved(answers)
    if (answer === undefined) problems.push(`${status} is not described`)
    else if (answer.content?.['application/json'] !== undefined) {
      const place = answers.$ref === undefined ? `${pointer}/responses/${status}` : answers.$ref.slice(1)
      problems.push(...wrong(`${place}/content/application~1json/schema`, response))
    } else if (response !== undefined) problems.push(`${status} has a body, which is not described`)
    return problems.map((problem) => `${at}: ${problem}`)
  }
}

/** `nullable` of OpenAPI 3.0, which ajv takes beside a `type` only, and with null among the values of an `enum`. */
function forAjv(schema) {
  if (typeof schema !== 'object' || schema === null) return
  for (const value of Object.values(schema)) forAjv(value)
  if (schema.nullable !== true) return
  if (Array.isArray(schema.enum) && !schema.enum.includes(null)) schema.enum.push(null)
  if (schema.type === undefined) {
    const { nullable: _, ...rest } = schema
    for (const name of Object.keys(schema)) delete schema[name]
    schema.anyOf = [{ type: 'null' }, rest]
  }
}

const FORMATS = {
  uri: (text) => URL.canParse(text),
  'date-time': (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text),
  int64: true,
  email: true,
  'uri-template': true,
}
