import { onRunner } from '../../action-kit/src/testing/fake-runner.ts'
import { environmentInputs } from './connection-inputs.ts'

test('every secret of the connection is masked, and no id or URL', async () => {
  const secrets = {
    'INPUT_CLIENT-SECRET': 'client-secret-value',
    INPUT_CERTIFICATE: 'first line of it\nsecond line of it',
    'INPUT_CERTIFICATE-PASSWORD': 'certificate-password-value',
    'INPUT_PASSWORD-SECRET': 'password-value%',
    'INPUT_ACCESS-TOKEN': 'access-token-value',
  }
  const identifiers = {
    'INPUT_ENVIRONMENT-URL': 'https://contoso.crm4.dynamics.com',
    'INPUT_TENANT-ID': 'tenant',
    'INPUT_APP-ID': 'app',
    'INPUT_USER-NAME': 'user@contoso.example',
    'INPUT_MANAGED-IDENTITY-CLIENT-ID': 'system',
    INPUT_CLOUD: 'public',
    'INPUT_MAX-ASYNC-WAIT-TIME': '60',
    'INPUT_MAX-QUEUE-WAIT-TIME': '0',
    INPUT_AUTHORITY: 'https://login.example',
  }
  await onRunner({ ...secrets, ...identifiers }, (runner) => {
    expect(environmentInputs().connection).toEqual({
      clientSecret: 'client-secret-value',
      certificate: 'first line of it\nsecond line of it',
      certificatePassword: 'certificate-password-value',
      passwordSecret: 'password-value%',
      accessToken: 'access-token-value',
      environmentUrl: 'https://contoso.crm4.dynamics.com',
      tenantId: 'tenant',
      appId: 'app',
      userName: 'user@contoso.example',
      managedIdentityClientId: 'system',
      cloud: 'Public',
      authority: 'https://login.example',
    })
    const masked = runner.lines().map((line) => line.replace('::add-mask::', ''))
    for (const value of Object.values(secrets)) {
      for (const line of value.split('\n')) expect(masked).toContain(line.replace('%', '%25'))
      expect(masked).toContain(Buffer.from(value).toString('base64'))
    }
    for (const value of Object.values(identifiers)) expect(masked).not.toContain(value)
    expect(environmentInputs()).toMatchObject({ maxWaitMinutes: 60, maxQueueWaitMinutes: 0 })
  })
})
