import { queryText } from '../reading/body.js';
import type { SourceRequest } from '../source.js';

/** What messages call the system. */
export const JENKINS = 'Jenkins';

const CAUSES = 'actions[causes[userId,userName,upstreamProject,upstreamBuild]]';

/** The fields of a build that are read. */
export const BUILD_TREE = `number,url,fullDisplayName,timestamp,duration,building,result,${CAUSES}`;

/** The fields of a queue item that are read. */
export const ITEM_TREE = `id,inQueueSince,timestamp,stuck,blocked,buildable,why,task[name,url],${CAUSES}`;

/** A request for some fields of a page of Jenkins, with its messages in English: some of them are read. */
export function jenkinsRequest(page: string, tree: string): SourceRequest {
  return { url: `${page}api/json?${queryText([['tree', tree]])}`, headers: { 'accept-language': 'en' } };
}
