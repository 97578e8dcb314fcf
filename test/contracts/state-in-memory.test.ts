import { memoryApps } from '../../lib/memory/memory-apps';
import { memoryCallBudget } from '../../lib/memory/memory-call-budget';
import { memoryCloneCredentials } from '../../lib/memory/memory-clone-credentials';
import { memoryCodeStorages } from '../../lib/memory/memory-code-storages';
import { memoryEnvironmentRemover } from '../../lib/memory/memory-environment-remover';
import { memoryEnvironments } from '../../lib/memory/memory-environments';
import { memoryExecutions } from '../../lib/memory/memory-executions';
import { memoryGivenUpCalls } from '../../lib/memory/memory-given-up-calls';
import { memoryKnownRepositories } from '../../lib/memory/memory-known-repositories';
import { memoryNotices } from '../../lib/memory/memory-notices';
import { memoryPlannedBases } from '../../lib/memory/memory-planned-bases';
import { memoryReconciliations } from '../../lib/memory/memory-reconciliations';
import { memoryReleases } from '../../lib/memory/memory-releases';
import { memoryServiceStates } from '../../lib/memory/memory-service-states';
import { memoryStages } from '../../lib/memory/memory-stages';
import { appsContract } from './apps-contract';
import { callBudgetContract } from './call-budget-contract';
import { cloneCredentialsContract } from './clone-credentials-contract';
import { codeStoragesContract } from './code-storages-contract';
import { environmentRemoverContract } from './environment-remover-contract';
import { environmentsContract } from './environments-contract';
import { executionsContract } from './executions-contract';
import { givenUpCallsContract } from './given-up-calls-contract';
import { knownRepositoriesContract } from './known-repositories-contract';
import { noticesContract } from './notices-contract';
import { plannedBasesContract } from './planned-bases-contract';
import { reconciliationsContract } from './reconciliations-contract';
import { releasesContract } from './releases-contract';
import { serviceStatesContract } from './service-states-contract';
import { stagesContract } from './stages-contract';

describe('memoryReleases', () =>
  releasesContract(() => ({ releases: memoryReleases(), states: memoryServiceStates() })));
describe('memoryServiceStates', () => serviceStatesContract(memoryServiceStates));
describe('memoryPlannedBases', () => plannedBasesContract(memoryPlannedBases));
describe('memoryReconciliations', () => reconciliationsContract(memoryReconciliations));
describe('memoryKnownRepositories', () => knownRepositoriesContract(memoryKnownRepositories));
describe('memoryGivenUpCalls', () =>
  givenUpCallsContract(async (bodies, attributes = {}) =>
    memoryGivenUpCalls(
      bodies.map((body, index) => ({ id: `${index}`, sentAt: new Date(0).toISOString(), body, attributes })),
    ),
  ));
describe('memoryNotices', () => noticesContract(memoryNotices));
describe('memoryCallBudget', () => {
  const budget = memoryCallBudget(Date);
  callBudgetContract(() => budget);
});

describe('memoryCodeStorages', () => codeStoragesContract(memoryCodeStorages));
describe('memoryStages', () => stagesContract(memoryStages));
describe('memoryExecutions', () => executionsContract(memoryExecutions));
describe('memoryApps', () => appsContract(async (configs) => memoryApps(configs)));
describe('memoryEnvironments', () => environmentsContract(memoryEnvironments));
describe('memoryCloneCredentials', () => cloneCredentialsContract(memoryCloneCredentials));
describe('memoryEnvironmentRemover', () =>
  environmentRemoverContract(async () => {
    const environments = memoryEnvironmentRemover();
    return {
      environments,
      put: async (names) => {
        for (const name of names) environments.parameters.add(name);
      },
      found: async (names) => names.filter((name) => environments.parameters.has(name)),
    };
  }));
