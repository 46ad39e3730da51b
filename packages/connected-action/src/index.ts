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
export { ENOUGH_IN_WORDS, lackingRights, refuseLackingRights } from './refusals/rights.ts'
export type { LackingRights, NeededRight } from './refusals/rights.ts'
export { RIGHTS_OF } from './refusals/rights-of-verbs.ts'
export type { Verb } from './refusals/rights-of-verbs.ts'
export { explainingEnd, followJob, JobFailedError } from './jobs/job.ts'
export type { FollowedJob, SeenJob } from './jobs/job.ts'
export { applyStagedUpgrade } from './jobs/staged-upgrade.ts'
export type { AppliedUpgrade, StagedUpgrade } from './jobs/staged-upgrade.ts'
export { environmentKindInput, refuseInProduction } from './refusals/environment-kind.ts'
export { componentLine, kindNamed } from './components/component-kinds.ts'
export type { ComponentKind, NamedComponent } from './components/component-kinds.ts'
export { exportKinds, kindsOf } from './jobs/export-kinds.ts'
export { refuseBuiltIn, refuseExport, refuseFixed } from './refusals/fixed-solutions.ts'
export type { ExportedKind } from './jobs/export-kinds.ts'
export { unpackInto } from './unpack-into.ts'
export { holdsData, listWhatGoes, rowsOf } from './components/what-goes.ts'
export type { LostComponent } from './components/what-goes.ts'
export { componentInWords, lostInWords, lostRows } from './components/components-in-words.ts'
export { uploadContents } from './upload-contents.ts'
