import { ReleaseError } from '../contracts/errors';
import type { Reason } from '../contracts/reasons';
import type { ServicePath } from '../contracts/release';
import { directoriesAbove, ownerOf } from '../contracts/service-path';
import type { Plan, PlannedService, ServiceState } from '../contracts/state';
import { boundText } from '../text/bound-text';
import { nameSome } from '../text/name-some';
import { useInstead } from '../text/nearest';
import type { PackageGraph } from '../workspaces/package-graph';
import type { FileChanges, ServiceChanges } from './changes';
import { changesByOwner, countFiles, mergeChanges } from './changes';
import { describeHold } from './holds';
import { goneFromCommit } from './not-in-commit';
import { inPhases, type Order } from './order';
import { ChangedPaths } from './outside-files';
import { type Bases, basesOfServices } from './plan-bases';
import { SharedFiles } from './shared-files';
import { changedThroughLinks, type SymbolicLinks } from './symbolic-links';

/** Files that changed since a base commit; `unknown` if the repository no longer has that commit. */
export type ChangedFiles = readonly string[] | 'unknown';

/** By base, the changed files that are plain files in both trees: only their content differs. */
export type EditedFiles = ReadonlyMap<string, ReadonlySet<string>>;

export interface PlanInput {
  /** The registered services of the commit to release. */
  readonly services: readonly ServicePath[];
  /** What is deployed in the stage. Services that are no longer registered stay as they are, which the plan says. */
  readonly states: readonly ServiceState[];
  /** What each service is compared with; without it, its own last deployed commit. */
  readonly bases?: Bases;
  /** Files changed from each base commit (see `basesOf`) to the commit to release. */
  readonly changes: ReadonlyMap<string, ChangedFiles>;
  /** Of the commit to release. A link counts as changed if what it leads to has. */
  readonly links?: SymbolicLinks;
  /** With it, files of no service concern those whose packages were made of them: see `EditedFiles`. */
  readonly edited?: EditedFiles;
  readonly force: boolean;
  /** Whether a push asks for the release, and no person: then services that are held stay as they are. */
  readonly isPush?: boolean;
  /** Only these, if somebody asked for them; they deploy whatever changed. */
  readonly only?: readonly ServicePath[];
  /** Whether the repository has a single service; by default as `services` tells. */
  readonly single?: boolean;
  /** The key `check_code_change` of seed.yml. */
  readonly checkCodeChange: boolean;
  /** With it, files of packages concern those who use them; without it, the directories decide alone. */
  readonly packages?: PackageGraph;
  /** Stamp of the environment that the stage gives builds now; undefined if it never had one. */
  readonly environment?: string;
  /** Without it everything is one phase. */
  readonly order?: Order;
}

/**
 * @param services the registered services; without it, all states count
 * @returns the distinct commits that changed files are needed from
 */
export function basesOf(bases: Bases, services?: readonly ServicePath[]): string[] {
  const registered = services && new Set(services);
  return [...new Set([...bases].flatMap(([path, commit]) => ((registered?.has(path) ?? true) ? [commit] : [])))];
}

/**
 * Decides which services a release deploys, and in which order. A service deploys if a file changed since its base that
 * is in its directory, belongs to no service, or belongs to a service in a directory above it; a file belongs to the
 * deepest service that contains it. With workspaces, a file that belongs to a package deploys the services that use the
 * package instead of all; with `changes: files`, those whose last package was made of it. A file that its last package
 * was made of deploys it too, wherever it lies. A symbolic link counts as a changed file if what it leads to changed.
 * Doubt deploys. What is held does not, until a push touches it.
 *
 * @returns every service once, deployed or skipped, each with all reasons that held
 * @throws ReleaseError `ServiceNotFound` if a service is asked for that is not there
 */
export function planServices(input: PlanInput): Plan {
  const only = input.only && new Set(input.only);
  refuseUnknown(input.only ?? [], input.services);
  const planner = new Planner(input);
  const deploy: PlannedService[] = [];
  const skip: PlannedService[] = [];
  for (const path of input.services) {
    const service = { path, ...(input.order && { phase: input.order.get(path) }) };
    if (only?.has(path) === false) {
      skip.push({ ...service, reasons: [{ code: 'not-asked-for', message: 'not asked for' }] });
      continue;
    }
    const held = input.isPush ? planner.heldBack(path) : undefined;
    if (held) {
      skip.push({ ...service, reasons: [held] });
      continue;
    }
    const found = [...(only ? [ASKED_FOR] : []), ...planner.reasonsOf(path, only !== undefined)];
    const reasons = found.map(({ code, message }) => ({ code, message: boundText(message, LONGEST_REASON) }));
    const { environment } = input;
    if (reasons.length > 0) deploy.push({ ...service, reasons, ...(environment !== undefined && { environment }) });
    else skip.push({ ...service, reasons: [planner.unchanged(path)] });
  }
  const registered = new Set(input.services);
  for (const state of only ? [] : input.states) if (!registered.has(state.path)) skip.push(goneFromCommit(state));
  return { phases: inPhases(deploy, input.order ?? new Map()), skip };
}

/** In characters: git has paths of 4,096. */
const LONGEST_REASON = 1_000;
const ASKED_FOR: Reason = { code: 'asked-for', message: 'somebody asked for this service' };

/**
 * @param only the services that are asked for
 * @param services all of the commit
 * @throws ReleaseError `ServiceNotFound`, with the name that was meant
 */
export function refuseUnknown(only: readonly ServicePath[], services: readonly ServicePath[]): void {
  const registered = new Set(services);
  for (const path of only) {
    if (registered.has(path)) continue;
    throw new ReleaseError('ServiceNotFound', `the commit has no service "${path}"; ${useInstead(path, services)}`);
  }
}

/** What is known of all services while each is examined. */
class Planner {
  private readonly states: ReadonlyMap<ServicePath, ServiceState>;
  private readonly bases: Bases;
  private readonly owner: (file: string) => ServicePath | undefined;
  /** By base, with the links that lead to what changed. */
  private readonly files: ReadonlyMap<string, ChangedFiles>;
  /** By base. */
  private readonly changes = new Map<string, ServiceChanges>();
  /** By base. */
  private readonly changed = new Map<string, ChangedPaths>();
  /** Links that lead to what changed. */
  private readonly linked = new Set<string>();
  /** By base. */
  private readonly sharedFiles = new Map<string, SharedFiles>();

  constructor(private readonly input: PlanInput) {
    this.states = new Map(input.states.map((state) => [state.path, state]));
    this.bases = input.bases ?? basesOfServices(input.states);
    this.owner = ownerOf(input.services);
    this.files = new Map([...input.changes].map(([base, files]) => [base, this.withLinks(files)]));
  }

  private withLinks(files: ChangedFiles): ChangedFiles {
    if (files === 'unknown' || !this.input.links) return files;
    const linked = changedThroughLinks(files, this.input.links);
    for (const link of linked) this.linked.add(link);
    return linked.length > 0 ? [...files, ...linked] : files;
  }

  reasonsOf(path: ServicePath, isAskedFor: boolean): Reason[] {
    const state = this.states.get(path);
    const unchecked = reasonsNotToCheck(this.input, state, this.isSameTree(path));
    return [...unchecked, ...this.changeReasons(path, isAskedFor || unchecked.length > 0)];
  }

  /** Whether no file of the whole repository differs from the service's base, as after an empty commit. */
  private isSameTree(path: ServicePath): boolean {
    const files = this.files.get(this.bases.get(path) ?? '');
    return files !== undefined && files !== 'unknown' && files.length === 0;
  }

  /** @returns why a service stays as it is, unless it is not held, or something that it is made of has changed since */
  heldBack(path: ServicePath): Reason | undefined {
    const held = this.states.get(path)?.held;
    if (!held) return undefined;
    const changes = this.changesSince(held.commit);
    const isKnown = changes !== undefined && changes !== 'unknown';
    if (isKnown && this.isTouched(path, held.commit, changes)) return undefined;
    const unknown = `whether a commit touched it since is not known, for ${short(held.commit)} is no longer in the repository`;
    const until = isKnown ? 'a commit that touches it releases it' : unknown;
    return {
      code: 'held',
      message: `${describeHold(held)}; ${until}, and so do "seedbed stage resume" and "seedbed deploy"`,
    };
  }

  /** A file that belongs to no service touches those alone that were made of it. */
  private isTouched(path: ServicePath, base: string, changes: ServiceChanges): boolean {
    if ([path, ...directoriesAbove(path)].some((directory) => changes.owned.has(directory))) return true;
    const used = this.input.packages?.usedBy(path);
    if (used && this.packageReasons(used, changes).length > 0) return true;
    return this.readAmong(path, base).length > 0;
  }

  unchanged(path: ServicePath): Reason {
    const commit = this.states.get(path)?.commit;
    const since = commit ? ` (${short(commit)})` : '';
    const others = this.sharedSince(this.bases.get(path))?.passedOver();
    const message = `nothing that concerns the service changed since it was last deployed${since}`;
    return { code: 'unchanged', message: boundText(others ? `${message}: ${others}` : message, LONGEST_REASON) };
  }

  /** Reasons in the changed files. A base that was not compared means doubt, unless the service deploys anyway. */
  private changeReasons(path: ServicePath, deploysAnyway: boolean): Reason[] {
    const base = this.bases.get(path) ?? this.states.get(path)?.commit;
    const changes = base === undefined ? undefined : this.changesSince(base);
    if (changes === 'unknown' || (changes === undefined && !deploysAnyway)) {
      const message = `the last deployed commit ${short(base)} is no longer in the repository`;
      return [{ code: 'base-commit-unknown', message }];
    }
    if (changes === undefined) return [];

    const reasons: Reason[] = [];
    const own = changes.owned.get(path);
    if (own) reasons.push({ code: 'files-changed', message: this.told(own, 'of the service') });
    const parents = directoriesAbove(path).filter((directory) => changes.owned.has(directory));
    if (parents.length > 0) {
      const all = mergeChanges(parents.map((parent) => changes.owned.get(parent)!));
      const of = nameSome(parents.map((parent) => `"${parent}"`));
      reasons.push({ code: 'parent-changed', message: this.told(all, `of ${of}, in a directory above it,`) });
    }
    const used = this.input.packages?.usedBy(path);
    if (used) reasons.push(...this.packageReasons(used, changes));
    const shared = used ? changes.loose : changes.shared;
    const byFiles = this.sharedSince(base);
    const doubtful = byFiles?.doubtful(this.states.get(path));
    if (doubtful) {
      const message = `${this.told(doubtful.files, 'of no service')}; ${doubtful.because}`;
      reasons.push({ code: 'shared-files-changed', message });
    } else if (byFiles === undefined && shared.count > 0) {
      const of = used ? 'of no service and no package' : 'of no service';
      reasons.push({ code: 'shared-files-changed', message: this.told(shared, of) });
    }
    const read = this.readAmongChanged(path, base!);
    if (read.count > 0) {
      reasons.push({
        code: 'read-files-changed',
        message: this.told(read, 'outside its directory that the service reads'),
      });
    }
    return reasons;
  }

  /** What `changes: files` says of the changed files of no service; undefined where the directories decide. */
  private sharedSince(base: string | undefined): SharedFiles | undefined {
    const files = this.input.edited && base !== undefined ? this.files.get(base) : undefined;
    if (base === undefined || files === undefined || files === 'unknown') return undefined;
    const ofNoService = () => files.filter((file) => this.owner(file) === undefined);
    const known =
      this.sharedFiles.get(base) ?? new SharedFiles(ofNoService(), this.input.edited?.get(base) ?? new Set());
    this.sharedFiles.set(base, known);
    return known;
  }

  /** Changed files that the last package of the service was made of, outside of its directory. */
  private readAmong(path: ServicePath, base: string): readonly string[] {
    const outside = this.states.get(path)?.outsideFiles ?? [];
    const files = outside.length > 0 ? this.files.get(base) : undefined;
    if (files === undefined || files === 'unknown') return [];
    const changed = this.changed.get(base) ?? new ChangedPaths(files);
    this.changed.set(base, changed);
    return changed.among(outside);
  }

  /** Changed files that the last package of the service was made of, and that no directory tells to be its own. */
  private readAmongChanged(path: ServicePath, base: string): FileChanges {
    const above = new Set([path, ...directoriesAbove(path)]);
    const hasPackages = this.input.packages?.usedBy(path) !== undefined;
    const isTold = (owner: ServicePath | undefined) => (owner === undefined ? !hasPackages : above.has(owner));
    const ofOthers = this.readAmong(path, base).filter((file) => !isTold(this.owner(file)));
    const ofNoService = this.sharedSince(base)?.readBy(this.states.get(path)) ?? [];
    return countFiles([...ofOthers, ...ofNoService]);
  }

  /** A service owns the files of its own package that no other service owns, and all files of the packages it uses. */
  private packageReasons(used: NonNullable<ReturnType<PackageGraph['usedBy']>>, changes: ServiceChanges): Reason[] {
    const found: { readonly way: readonly string[]; readonly files: FileChanges }[] = [];
    for (const [directory, { all, unowned }] of changes.packages) {
      const way = used.get(directory);
      const files = way?.length === 1 ? unowned : all;
      if (way && files.count > 0) found.push({ way, files });
    }
    // The message names the nearest one.
    found.sort((a, b) => a.way.length - b.way.length || (a.way.at(-1)! < b.way.at(-1)! ? -1 : 1));
    const [nearestOne] = found;
    if (!nearestOne) return [];
    const of = nameSome(found.map(({ way }) => `"${way.at(-1)}"`));
    const how = nearestOne.way.length === 1 ? "the service's package" : `which it uses (${nearestOne.way.join(' → ')})`;
    const all = mergeChanges(found.map(({ files }) => files));
    return [{ code: 'package-changed', message: this.told(all, `of package ${of}, ${how},`) }];
  }

  private told({ count, first }: FileChanges, what: string): string {
    const names = nameSome(
      first.map((file) => this.named(file)),
      count,
    );
    return `${count} ${count === 1 ? 'file' : 'files'} ${what} changed: ${names}`;
  }

  private named(file: string): string {
    if (!this.linked.has(file)) return file;
    const target = this.input.links?.get(file);
    return `${file} (a symbolic link${target === undefined ? ' that was not read' : ` to ${target}`})`;
  }

  private changesSince(base: string): ServiceChanges | 'unknown' | undefined {
    const files = this.files.get(base);
    if (files === undefined || files === 'unknown') return files;
    const known = this.changes.get(base) ?? changesByOwner(files, this.owner, this.input.packages?.packageOf);
    this.changes.set(base, known);
    return known;
  }
}

/**
 * Reasons for which a service deploys whatever changed. The only service of a repository does not if nothing has: a
 * build would only find that its package is the deployed one.
 */
function reasonsNotToCheck(input: PlanInput, state: ServiceState | undefined, isSameTree: boolean): Reason[] {
  const reasons: Reason[] = [];
  if (input.force) reasons.push({ code: 'forced', message: 'the release was forced' });
  if ((input.single ?? input.services.length === 1) && !isSameTree) {
    reasons.push({ code: 'only-service', message: 'the only service of the repository deploys with every change' });
  }
  if (!input.checkCodeChange) {
    reasons.push({ code: 'change-check-off', message: 'seed.yml sets check_code_change to false' });
  }
  if (state?.commit === undefined) {
    reasons.push({ code: 'first-release', message: 'the service has not been deployed to this stage yet' });
  }
  if (state !== undefined && state.status !== 'deployed') {
    reasons.push({
      code: 'previous-release-failed',
      message: state.unreadable ?? `the previous release ${state.releaseId} did not succeed`,
    });
  }
  if (state?.commit !== undefined && state.environment !== input.environment) {
    const message = 'the environment of the stage changed since the service was last deployed';
    reasons.push({ code: 'environment-changed', message });
  }
  return reasons;
}

const short = (commit: string | undefined): string => commit?.slice(0, 7) ?? '';
