import type { FlagKind, Hold } from '../../run.js';
import { wordIn } from '../reading/vocabulary.js';
import { hostsIn } from './hosts.js';

/** What a pending reason of Slurm means: a legitimate wait, one that no event will end, or nothing that decides. */
export type ReasonMeaning =
  | { readonly kind: 'wait'; readonly hold: Hold; readonly waitsFor: string }
  | { readonly kind: 'flag'; readonly flag: FlagKind; readonly why: string }
  | { readonly kind: 'none' };

const NONE: ReasonMeaning = { kind: 'none' };
const wait = (hold: Hold, waitsFor: string): ReasonMeaning => ({ kind: 'wait', hold, waitsFor });
const cannotStart = (why: string): ReasonMeaning => ({ kind: 'flag', flag: 'cannot_start', why });

/** The reasons that are not named by a pattern, from Slurm's `job_state_reason.c` and the manual page of squeue. */
const REASONS: Readonly<Record<string, ReasonMeaning>> = {
  Priority: wait('limit', 'resources'),
  Resources: wait('limit', 'resources'),
  NvidiaImexChannels: wait('limit', 'channels'),
  MpiPortsBusy: wait('limit', 'ports'),
  MaxPoweredUpNodes: wait('limit', 'resources'),
  BurstBufferResources: wait('limit', 'burst buffer'),
  Licenses: wait('limit', 'licenses'),
  JobArrayTaskLimit: wait('limit', 'array task limit'),
  AssociationJobLimit: wait('limit', 'limit of the association'),
  AssociationResourceLimit: wait('limit', 'limit of the association'),
  AssociationTimeLimit: wait('limit', 'limit of the association'),
  AccountingPolicy: wait('limit', 'limit of the account'),
  QOSJobLimit: wait('limit', 'limit of the QOS'),
  QOSResourceLimit: wait('limit', 'limit of the QOS'),
  QOSTimeLimit: wait('limit', 'limit of the QOS'),
  // A person or the scheduler of another cluster has to act, or a time has to come.
  Dependency: wait('dependency', 'job'),
  BeginTime: wait('schedule', 'begin time'),
  Reservation: wait('schedule', 'reservation'),
  BurstBufferStageIn: wait('event', 'stage-in of its files'),
  JobHeldUser: wait('paused', 'release'),
  JobHeldAdmin: wait('paused', 'release'),
  PartitionDown: wait('paused', 'partition'),
  PartitionInactive: wait('paused', 'partition'),
  // Nothing that happens by itself lets such a job start.
  DependencyNeverSatisfied: { kind: 'flag', flag: 'orphaned', why: 'What the job depends on can no longer succeed.' },
  ReservationDeleted: { kind: 'flag', flag: 'orphaned', why: 'The reservation that the job waits for was deleted.' },
  ReservationInvalid: { kind: 'flag', flag: 'orphaned', why: 'The reservation that the job waits for is not valid.' },
  BadConstraints: cannotStart('No node can ever satisfy its constraints.'),
  InvalidAccount: cannotStart('Its account is not valid.'),
  AccountNotAllowed: cannotStart('Its account may not use its partition.'),
  InvalidQOS: cannotStart('Its QOS is not valid.'),
  QOSNotAllowed: cannotStart('Its QOS is not allowed.'),
  QOSUsageThreshold: cannotStart('The usage threshold of its QOS was breached.'),
  PartitionConfig: cannotStart('The configuration of its partition does not allow it.'),
  PartitionNodeLimit: cannotStart('It asks for more nodes than its partition allows.'),
  PartitionTimeLimit: cannotStart('It asks for more time than its partition allows.'),
  MaxMemPerLimit: cannotStart('It asks for more memory per CPU or node than the cluster allows.'),
  JobHoldMaxRequeue: cannotStart('It was requeued as often as Slurm allows, and is held since.'),
  BurstBufferOperation: cannotStart('An operation of its burst buffer failed, and it is held since.'),
  DeadLine: cannotStart('It cannot finish before its deadline.'),
  // Slurm looks again at each of these by itself, within its scheduling interval.
  None: NONE,
  Prolog: NONE,
  Cleaning: NONE,
  SchedDefer: NONE,
  FedJobLock: NONE,
  Constraints: NONE,
  ReqNodeNotAvail: NONE,
  NodeDown: NONE,
  // Why an earlier attempt of the job ended.
  SystemFailure: NONE,
  JobLaunchFailure: NONE,
  NonZeroExitCode: NONE,
  RaisedSignal: NONE,
  TimeLimit: NONE,
  InactiveLimit: NONE,
  OutOfMemory: NONE,
};

/** What the API of the cluster says about a node that a job requires. */
export type NodeState = 'lost' | 'closed' | 'open' | 'unknown';

/** Before the names of nodes in Slurm's text for a job whose nodes are not available. */
const UNAVAILABLE = /UnavailableNodes:\s*(\S*)/;

/**
 * What `ReqNodeNotAvail` means, which Slurm explains in `state_description` (its `node_scheduler.c`): nodes reserved for maintenance or
 * another job, or the nodes that are down or drained. A drained node needs a person to resume it; one that is down never takes the job.
 */
export function meaningOfUnavailable(description: unknown, stateOf: (node: string) => NodeState): ReasonMeaning {
  if (typeof description !== 'string') return NONE;
  if (/reserved for maintenance/i.test(description)) return wait('schedule', 'maintenance');
  if (/may be reserved for other job/i.test(description)) return wait('limit', 'resources');
  const list = UNAVAILABLE.exec(description)?.[1];
  if (list === '') return wait('limit', 'resources');
  const states = hostsIn(list ?? '').map(stateOf);
  if (states.length === 0 || states.includes('unknown')) return NONE;
  if (states.every((state) => state === 'lost')) return cannotStart('The nodes that it needs are down.');
  return states.includes('closed') || states.includes('lost') ? wait('paused', 'nodes') : wait('limit', 'resources');
}

/** `AssocGrp…`, `QOSGrp…`, `…PerUser`, `…PerAccount`, `AssocMaxJobsLimit`: others use up what all may have together. */
const SHARED_LIMIT = /^(Assoc|QOS)Grp|Per(User|Account)|^AssocMax(Jobs|SubmitJob)Limit$/;

/** `…MaxCpuPerJobLimit`, `…PerNode`, `…MaxWallDurationPerJobLimit`, `QOSMin…`: the job asks for more, or less, than one job may. */
const OWN_LIMIT = /^(Assoc|QOS)Max.*Per(Job|Node)|^QOSMin/;

/** What a pending reason means; `undefined` for one that Slurm did not have in version 26.11. */
export function meaningOfReason(reason: unknown): ReasonMeaning | undefined {
  if (typeof reason !== 'string') return undefined;
  const known = wordIn(REASONS, reason);
  if (known !== undefined) return known;
  if (SHARED_LIMIT.test(reason))
    return wait('limit', reason.startsWith('QOS') ? 'limit of the QOS' : 'limit of the account');
  return OWN_LIMIT.test(reason) ? cannotStart('It asks for more than one job may have.') : undefined;
}
