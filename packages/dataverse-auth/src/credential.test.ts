import { UserError } from '@dsa/user-error'
import { chooseCredential } from './credential.ts'
import type { ConnectionInputs } from './credential.ts'

const app = { appId: 'app', tenantId: 'tenant' }
const user = { userName: 'me@contoso.com', passwordSecret: 'password' }
function given(inputs: Partial<ConnectionInputs>): ConnectionInputs {
  return { cloud: 'Public', ...inputs }
}

test.each<[Partial<ConnectionInputs>, string]>([
  [user, 'user'],
  [{ ...user, appId: 'app' }, 'user'],
  [{ ...app, clientSecret: 'secret' }, 'secret'],
  [app, 'federated'],
  [{ ...app, certificate: 'pem' }, 'certificate'],
  [{ managedIdentityClientId: 'system' }, 'managed-identity'],
  [{ accessToken: 'token' }, 'access-token'],
  // A user name without a password does not count, as in Microsoft's actions.
  [{ ...app, clientSecret: 'secret', userName: 'me@contoso.com' }, 'secret'],
])('%j signs in as %s', (inputs, kind) => {
  expect(chooseCredential(given(inputs)).kind).toBe(kind)
})

test.each<[Partial<ConnectionInputs>, RegExp]>([
  [
    { ...user, ...app, clientSecret: 'secret' },
    /Too many.*'user-name' and 'password-secret' as well as 'app-id', 'client-secret' and 'tenant-id'/,
  ],
  [{ ...user, ...app }, /Too many.*as well as 'app-id' and 'tenant-id'/],
  [{ ...app, clientSecret: 'secret', certificate: 'pem' }, /Too many.*'client-secret'.*'certificate'/],
  [{ ...app, accessToken: 'token' }, /Too many.*'access-token'/],
  [{}, /No credentials are given.*id-token: write/],
  [{ appId: 'app', clientSecret: 'secret' }, /'app-id' and 'client-secret' alone cannot sign in/],
  [{ tenantId: 'tenant' }, /'tenant-id' alone cannot sign in/],
  [{ userName: 'me@contoso.com' }, /'user-name' alone cannot sign in/],
])('%j is refused', (inputs, words) => {
  expect(() => chooseCredential(given(inputs))).toThrow(UserError)
  expect(() => chooseCredential(given(inputs))).toThrow(words)
})
