/** The three values of SolutionPackager's package type; `Managed` in solution.xml holds them as 0, 1 and 2. */
export type PackageType = 'Unmanaged' | 'Managed' | 'Both'
