export { runConnectedAction, userAgentOf } from './run-connected-action.ts'
export type { ConnectedDeps } from './run-connected-action.ts'
export { connectionInputs, environmentInputs, queueInputs } from './connection-inputs.ts'
export type { EnvironmentInputs, QueueInputs } from './connection-inputs.ts'
export { diagnoseSignIn, signIn } from './sign-in.ts'
export type {
  ConnectionInputs,
  PresentedClaims,
  SignInDiagnosis,
  SignInFailure,
  SignInStep,
  SignInStepName,
} from '@dsa/dataverse-auth'
export { ENOUGH_IN_WORDS, lackingRights, refuseLackingRights } from './rights.ts'
export type { LackingRights, NeededRight } from './rights.ts'
export { RIGHTS_OF } from './rights-of-verbs.ts'
export type { Verb } from './rights-of-verbs.ts'
export { explainingEnd, followJob, JobFailedError } from './job.ts'
export type { FollowedJob, SeenJob } from './job.ts'
export { applyStagedUpgrade } from './staged-upgrade.ts'
export type { AppliedUpgrade, StagedUpgrade } from './staged-upgrade.ts'
export { environmentKindInput, refuseInProduction } from './environment-kind.ts'
export { componentLine, kindNamed } from './component-kinds.ts'
export type { ComponentKind, NamedComponent } from './component-kinds.ts'
export { exportKinds, kindsOf } from './export-kinds.ts'
export { refuseBuiltIn, refuseExport, refuseFixed } from './fixed-solutions.ts'
export type { ExportedKind } from './export-kinds.ts'
export { unpackInto } from './unpack-into.ts'
export { holdsData, listWhatGoes } from './what-goes.ts'
export type { LostComponent } from './what-goes.ts'
export { componentInWords, lostInWords, lostRows } from './components-in-words.ts'
export { uploadContents } from './upload-contents.ts'
