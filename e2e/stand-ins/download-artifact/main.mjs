import { artifacts } from '../../../packages/action-kit/src/artifacts.ts'

await artifacts.download(process.env.INPUT_NAME, process.env.INPUT_PATH)
