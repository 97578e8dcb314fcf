import type { SeedYml } from '../../config/seed-yml';
import type { IncrementalSettings } from '../../core/contracts/manifest';
import type { ServiceKind } from '../../core/contracts/service-kind';
import type { ShiftSettings } from '../../core/contracts/settings';
import type { StackSettings } from '../../core/contracts/stack-settings';
import type { OutsideFiles } from '../../core/plan/outside-files';
import type { SharedSettings } from '../../core/shift/shared-settings';
import type { Template } from '../../core/template/template';
import type { LocalBundle } from '../local-bundles';
import type { Workspace } from '../workspace';

/** One kind of service: how it is read and built. Each is a folder beside this file, and an entry in `kinds.ts`. */
export interface Kind {
  readonly name: ServiceKind;
  /**
   * Reads how a service is written, before anything of it is installed or run, so that a typing error is reported at
   * once and with its line.
   *
   * @param seed seed.yml of the repository
   * @throws ReleaseError `ConfigInvalid`, `NoServiceFound`, or `PackageFailed` for a link out of the repository
   */
  readonly read: (workspace: Workspace, seed: SeedYml) => Promise<WrittenService>;
}

/** A service as it is written. */
interface WrittenService {
  /** Path in the repository of the file that says what the service is, as messages name it. */
  readonly file: string;
  /**
   * Builds the service as the kind's own tool does. Its dependencies are installed.
   *
   * @throws ReleaseError `PackageFailed`, `ConfigInvalid`, `FrameworkUnsupported` or `InstallFailed`
   */
  readonly build: (options: BuildOptions) => Promise<BuiltService>;
}

/** What a kind gets to build with. */
export interface BuildOptions {
  /** Directory outside the repository for what the build leaves. */
  readonly scratch: string;
  /** `shift` of seed.yml. */
  readonly shared: SharedSettings;
  /** Whether it is to be known what may have read files of the repository unseen. */
  readonly watch: boolean;
}

/** A service that is built: what its stack is made of, and how it is to be deployed. */
export interface BuiltService {
  /** What built it; `version` also tells the tool where a kind has several. */
  readonly tool: { readonly name: string; readonly version: string };
  readonly stack: BuiltStack;
  /** Of what the template does not show of the configuration; another one makes a release full. */
  readonly configHash: string;
  readonly incremental: IncrementalSettings;
  /** Name of the alias that everything invokes. */
  readonly alias: string;
  readonly shift: ShiftSettings;
  /** Files outside of the service's directory that it was made of, see `OutsideFiles`. */
  readonly outsideFiles: OutsideFiles;
  /** What may have read others of the repository, unseen, while it was built; absent if the kind does not know. */
  readonly outsideUnseen?: readonly string[];
  /** What a person should know although it stops nothing; it stands in the log already. */
  readonly warnings: readonly string[];
  /**
   * Looks at what the bundles hold: only then can be told whether functions could start.
   *
   * @returns what is to be told with the release
   * @throws ReleaseError `PackageFailed`
   */
  readonly check: (bundles: readonly PackagedBundle[]) => Promise<readonly string[]>;
}

/** A stack of a service, before it is stored. */
interface BuiltStack {
  /** Absent if nobody is to deploy it: it only describes functions that something else makes. */
  readonly name?: string;
  readonly settings: StackSettings;
  /** Intrinsic functions in their long form; where it points at a file of the package is in `files`. */
  readonly template: Template;
  readonly files: readonly BundleFile[];
  /** Logical ids of functions that run an image of this build. */
  readonly builtImages?: readonly string[];
}

/** A place in the template that points at a file of the package, and the file. */
export interface BundleFile {
  readonly kind: 'function' | 'layer' | 'asset';
  readonly logicalId: string;
  /** Path of the S3 key below the resource's `Properties`. */
  readonly property: readonly string[];
  /** Absolute path of the file. */
  readonly file: string;
}

/** What the template points at, with the content that belongs there. */
export type PackagedBundle = BundleFile & { readonly bundle: LocalBundle };
