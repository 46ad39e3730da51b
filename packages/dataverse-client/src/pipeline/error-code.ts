/**
 * Error codes of the platform that this client acts on. Bodies carry them as hex text, while `asyncoperation.errorcode`
 * and `SolutionValidationResult.ErrorCode` carry the same number as a signed 32-bit integer.
 */
export const CODE = {
  customizationLock: '0x80071151',
  notAMember: '0x80072560',
  noRoles: '0x80042f09',
  missingPrivilege: '0x80040220',
  userDisabled: '0x80040225',
  missingRow: '0x80040217',
  unknownResource: '0x80060888',
  badStageUpload: '0x8004f066',
  noPendingUpgrade: '0x8004853b',
  missingDependencies: '0x8004801d',
} as const

/** `-2147020463`, `0x80071151`, `80071151` and `0X80071151` all become `0x80071151`; anything else is ''. */
export function normalizeCode(value: unknown): string {
  if (typeof value === 'number' && Number.isInteger(value)) {
    return value === 0 ? '' : `0x${(value >>> 0).toString(16).padStart(8, '0')}`
  }
  if (typeof value !== 'string') return ''
  const trimmed = value.trim()
  if (/^0x[0-9a-f]{1,8}$/i.test(trimmed)) return `0x${trimmed.slice(2).toLowerCase().padStart(8, '0')}`
  if (/^-?\d{1,10}$/.test(trimmed) && !/^8\d{7}$/.test(trimmed)) return normalizeCode(Number(trimmed))
  return /^[0-9a-f]{8}$/i.test(trimmed) ? `0x${trimmed.toLowerCase()}` : ''
}

/**
 * One solution operation runs in an environment at a time. A refused one was never started, so sending it again is
 * safe. The text counts only where no code came along, since messages are translated.
 */
export function isCustomizationLock(code: string, message: string): boolean {
  return (
    code === CODE.customizationLock ||
    (code === '' &&
      /CustomizationLockException|Cannot start (another|the requested operation) \[/.test(message)) ||
    message.includes('CustomizationLockException')
  )
}
