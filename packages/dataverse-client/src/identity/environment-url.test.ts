import { normalizeEnvironmentUrl } from './environment-url.ts'

test.each([
  ['https://contoso.crm4.dynamics.com', 'https://contoso.crm4.dynamics.com'],
  ['  https://Contoso.crm4.dynamics.com/ ', 'https://contoso.crm4.dynamics.com'],
  ['https://contoso.crm.microsoftdynamics.us/', 'https://contoso.crm.microsoftdynamics.us'],
  ['http://127.0.0.1:5555', 'http://127.0.0.1:5555'],
  ['http://localhost:5555/', 'http://localhost:5555'],
  ['http://[::1]:5555/', 'http://[::1]:5555'],
])('%s is taken', (given, expected) => {
  expect(normalizeEnvironmentUrl(given)).toBe(expected)
})

test.each([
  [undefined, /'environment-url' is missing/],
  ['  ', /'environment-url' is missing/],
  [
    'contoso.crm4.dynamics.com',
    /'https:\/\/' is missing\. Did you mean https:\/\/contoso\.crm4\.dynamics\.com\?/,
  ],
  ['contoso', /'https:\/\/' is missing.*https:\/\/contoso\.crm4/],
  ['http://contoso.crm4.dynamics.com', /plain http.*Use https:\/\/contoso\.crm4\.dynamics\.com/],
  ['ftp://contoso.crm4.dynamics.com', /only https/],
  [
    'https://contoso.crm4.dynamics.com/main.aspx?appid=1',
    /without a path\. Use https:\/\/contoso\.crm4\.dynamics\.com/,
  ],
  ['https://contoso.crm4.dynamics.com/api/data/v9.2', /without a path/],
  ['https://make.powerapps.com/environments/0000/home', /the Power Apps maker portal/],
  ['https://make.gov.powerapps.us/', /the Power Apps maker portal/],
  ['https://make.powerautomate.com', /the Power Automate portal/],
  ['https://admin.powerplatform.microsoft.com/environments', /the Power Platform admin center/],
  ['https://', /no URL/],
])('%s is refused', (given, words) => {
  expect(() => normalizeEnvironmentUrl(given)).toThrow(words)
})

test.each([
  'https://me:hush-hush@contoso.crm4.dynamics.com',
  'http://me:hush-hush@contoso.crm4.dynamics.com',
  'ftp://me:hush-hush@contoso.crm4.dynamics.com',
  'me:hush-hush@contoso.crm4.dynamics.com',
  'https://me:hush-hush@',
  'https://me:hush/hush-hush@contoso.crm4.dynamics.com',
  'https://me:hush?hush-hush@contoso.crm4.dynamics.com',
  'https://make.powerapps.com/?code=hush-hush',
  'https://me:hush-hush@make.powerapps.com',
])('%s is refused, and what is secret in it is not repeated', (given) => {
  expect(() => normalizeEnvironmentUrl(given)).toThrow(/'environment-url'/)
  expect(() => normalizeEnvironmentUrl(given)).not.toThrow(/hush-hush/)
})
