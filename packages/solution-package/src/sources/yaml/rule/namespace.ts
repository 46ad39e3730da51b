/** The one namespace that solutions use: `xsi:nil` marks what has no value. */
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance'
