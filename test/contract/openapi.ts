import { isObject, type JsonObject } from '../../sandbox/shared/json.ts';
import { at, type Deviation, isReally, mayBeNull, properties } from './amend.ts';
import { reviewDeviations } from './openapi-review.ts';

function moveAnswersToContent(document: JsonObject): boolean {
  let moved = 0;
  for (const path of Object.values(at(document, 'paths')).filter(isObject))
    for (const operation of Object.values(path).filter(isObject))
      for (const response of Object.values(at(operation, 'responses')).filter(isObject)) {
        if (response['schema'] === undefined || response['content'] !== undefined) continue;
        response['content'] = { 'application/json': { schema: response['schema'] } };
        delete response['schema'];
        moved += 1;
      }
  return moved > 0;
}

const pipelineNulls = [
  'committed_at',
  'coverage',
  'duration',
  'finished_at',
  'queued_duration',
  'started_at',
];
const jobNulls = ['coverage', 'duration', 'erased_at', 'finished_at', 'queued_duration', 'started_at'];
const project = 'API_Entities_ProjectWithAccess';

/** The known deviations, by name. Whatever else differs is a failure. */
export const deviations: Deviation[] = [
  {
    name: 'answers described in the form of Swagger 2',
    reason:
      '`schema` beside `description` is ignored in OpenAPI 3: moved to `content`, so that it is checked',
    amend: moveAnswersToContent,
  },
  {
    name: 'a user requires detailed_merge_status',
    reason: 'a field of merge requests that no user has ever had',
    amend: (document) => {
      const user = at(document, 'components', 'schemas', 'API_Entities_UserBasic');
      const required = Array.isArray(user['required']) ? user['required'] : [];
      user['required'] = required.filter((name) => name !== 'detailed_merge_status');
      return required.includes('detailed_merge_status');
    },
  },
  {
    name: 'cancelling a pipeline answers 200',
    reason: 'the file says 201; GitLab sets the status 200 itself',
    amend: (document) => {
      const cancel = '/api/v4/projects/{id}/pipelines/{pipeline_id}/cancel';
      const responses = at(document, 'paths', cancel, 'post', 'responses');
      if (responses['200'] !== undefined) return false;
      responses['200'] = responses['201'];
      return true;
    },
  },
  {
    name: 'cancelling and retrying take an empty JSON object',
    reason: 'the file says no body; the real client sends `{}`, which GitLab takes',
    amend: (document) => {
      for (const act of ['cancel', 'retry']) {
        const post = at(document, 'paths', `/api/v4/projects/{id}/pipelines/{pipeline_id}/${act}`, 'post');
        if (post['requestBody'] !== undefined) return false;
        const schema = { type: 'object', additionalProperties: false };
        post['requestBody'] = { content: { 'application/json': { schema } } };
      }
      return true;
    },
  },
  {
    name: 'a job’s log is text',
    reason: 'the file describes it as the job itself; GitLab sends text/plain',
    amend: (document) => {
      const trace = '/api/v4/projects/{id}/jobs/{job_id}/trace';
      const answer = at(document, 'paths', trace, 'get', 'responses', '200');
      if (isObject(answer['content']) && answer['content']['text/plain'] !== undefined) return false;
      answer['content'] = { 'text/plain': { schema: { type: 'string' } } };
      return true;
    },
  },
  ...['externalK8sProxyUrl', 'externalUrl', 'version'].map((name) =>
    mayBeNull('API_Entities_Metadata', 'properties', 'kas', 'properties', name),
  ),
  ...properties('API_Entities_EnvironmentBasic', ['external_url']),
  ...properties('API_Entities_UserBasic', ['avatar_url']),
  ...properties('API_Entities_User', ['avatar_url']),
  ...properties('API_Entities_NamespaceBasic', ['avatar_url', 'parent_id']),
  ...properties(project, ['avatar_url']),
  mayBeNull(project, 'properties', 'permissions', 'properties', 'group_access'),
  ...properties('API_Entities_ProtectedRefAccess', ['deploy_key_id', 'group_id', 'user_id']),
  ...properties('API_Entities_CommitDetail', ['last_pipeline', 'status']),
  ...properties('DetailedStatusEntity', ['illustration']),
  ...properties('API_Entities_Ci_Pipeline', [...pipelineNulls, 'yaml_errors']),
  ...properties('API_Entities_Ci_PipelineWithMetadata', [...pipelineNulls, 'yaml_errors', 'name']),
  ...properties('API_Entities_Ci_Bridge', [...jobNulls, 'downstream_pipeline']),
  ...properties('API_Entities_Ci_Job', [...jobNulls, 'artifacts_expire_at', 'runner']),
  ...reviewDeviations,
  isReally('integer', 'API_Entities_ProjectAccess', 'properties', 'access_level'),
  isReally('integer', 'API_Entities_ProjectAccess', 'properties', 'notification_level'),
  isReally('boolean', 'API_Entities_User', 'properties', 'bot'),
  ...['Bridge', 'Job'].map((kind) =>
    isReally(
      'boolean',
      `API_Entities_Ci_${kind}`,
      'properties',
      'project',
      'properties',
      'ci_job_token_scope_enabled',
    ),
  ),
];

/** A copy of the document with the deviations put right. Throws when one of them is no longer there. */
export function amended(document: JsonObject): JsonObject {
  const copy = structuredClone(document);
  for (const deviation of deviations) {
    if (!deviation.amend(copy))
      throw new Error(`the contract no longer has this deviation: ${deviation.name}`);
  }
  return copy;
}
