import { hasText, isObject, memberOf, type JsonObject } from '../reading/body.js';

/** A version of a worker deployment. */
export type DeploymentVersion = { readonly deployment: string; readonly build: string };

/** The `VersioningBehavior` of an execution whose tasks stay with one version. */
export const PINNED = 'VERSIONING_BEHAVIOR_PINNED';

/** The version that an execution is pinned to, whose workers alone get its tasks; `undefined` if any worker of its queue may. */
export function pinnedVersion(info: JsonObject): DeploymentVersion | undefined {
  const versioning = memberOf(info, 'versioningInfo');
  const override = memberOf(memberOf(versioning, 'versioningOverride'), 'pinned');
  const pinned = versionIn(memberOf(override, 'version'));
  if (pinned !== undefined) return pinned;
  const isPinned = versioning['behavior'] === PINNED && !isObject(versioning['versionTransition']);
  return isPinned ? versionIn(memberOf(versioning, 'deploymentVersion')) : undefined;
}

/** The pollers of a version; all of them if the server does not say which version they have. */
export function pollersOf(version: DeploymentVersion, pollers: readonly JsonObject[]): readonly JsonObject[] {
  const versions = pollers.map((poller) => versionIn(memberOf(poller, 'deploymentOptions')));
  if (versions.every((one) => one === undefined)) return pollers;
  return pollers.filter((_, index) => {
    const one = versions[index];
    return one?.deployment === version.deployment && one.build === version.build;
  });
}

function versionIn({ deploymentName, buildId }: JsonObject): DeploymentVersion | undefined {
  return hasText(deploymentName) && hasText(buildId) ? { deployment: deploymentName, build: buildId } : undefined;
}
