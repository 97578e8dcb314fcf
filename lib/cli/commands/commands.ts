import type { Command } from 'commander';

/**
 * How to add each command, in the order in which the help lists them. A module is loaded only when its command is
 * called, or for the help that lists all of them, so that the command line starts quickly.
 */
export const COMMANDS: Readonly<Record<string, () => (program: Command) => void>> = {
  deploy: () => (require('./deploy') as typeof import('./deploy')).registerDeploy,
  plan: () => (require('./plan') as typeof import('./plan')).registerPlan,
  status: () => (require('./status') as typeof import('./status')).registerStatus,
  history: () => (require('./history') as typeof import('./history')).registerHistory,
  show: () => (require('./show') as typeof import('./show')).registerShow,
  logs: () => (require('./logs') as typeof import('./logs')).registerLogs,
  cancel: () => (require('./cancel') as typeof import('./cancel')).registerCancel,
  rollback: () => (require('./rollback') as typeof import('./rollback')).registerRollback,
  env: () => (require('./env') as typeof import('./env')).registerEnv,
  app: () => (require('./app') as typeof import('./app')).registerApp,
  stage: () => (require('./stage') as typeof import('./stage')).registerStage,
  init: () => (require('./init') as typeof import('./init')).registerInit,
  completion: () => (require('./completion') as typeof import('./completion')).registerCompletion,
  package: () => (require('./package') as typeof import('./package')).registerPackage,
  template: () => (require('./template') as typeof import('./template')).registerTemplate,
  admin: () => (require('./admin/admin') as typeof import('./admin/admin')).registerAdmin,
  local: () => (require('./local/local') as typeof import('./local/local')).registerLocal,
};
