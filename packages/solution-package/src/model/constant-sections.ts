/** Sections of customizations.xml that every export has, empty where the solution has nothing for them, in its order. */
export const CONSTANT_SECTIONS = [
  'Entities',
  'Roles',
  'Workflows',
  'FieldSecurityProfiles',
  'Templates',
  'EntityMaps',
  'EntityRelationships',
  'OrganizationSettings',
  'optionsets',
  'CustomControls',
  'EntityDataProviders',
] as const

/** The sections that an export may have besides, by the one that they follow, as seen in exports. */
export const FURTHER_SECTIONS: Readonly<Record<string, readonly string[]>> = {
  optionsets: ['WebResources'],
  CustomControls: ['AppModuleSiteMaps', 'AppModules'],
  EntityDataProviders: ['CanvasApps', 'connectionreferences'],
}
