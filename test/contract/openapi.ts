import { isObject, type JsonObject } from '../../sandbox/shared/json.ts';

/** The object at a path in the document; throws when there is none. */
function at(document: JsonObject, ...path: string[]): JsonObject {
  let value: unknown = document;
  for (const key of path) value = isObject(value) ? value[key] : undefined;
  if (!isObject(value)) throw new Error(`the contract has no object at ${path.join(' → ')}`);
  return value;
}

/** A place where GitLab's OpenAPI file says something else than GitLab does, and how the file is put right. */
export interface Deviation {
  name: string;
  reason: string;
  /** Changes the document; says whether there was anything to change. */
  amend: (document: JsonObject) => boolean;
}

/**
 * Lets one property be null. `nullable` beside a `$ref` is ignored in OpenAPI 3.0, so that what is referred
 * to is written out in its place.
 */
function mayBeNull(...path: string[]): Deviation {
  const property = path.at(-1) ?? '';
  return {
    name: `null: ${path.join('.')}`,
    reason: 'the generator of the file knows no null; GitLab answers null where there is nothing (yet)',
    amend: (document) => {
      const place = at(document, 'components', 'schemas', ...path.slice(0, -1));
      const found = at(place, property);
      const reference = found['$ref'];
      const whole =
        typeof reference === 'string' ? at(document, ...reference.replace('#/', '').split('/')) : found;
      if (whole['nullable'] === true) return false;
      place[property] = { ...whole, nullable: true };
      return true;
    },
  };
}

/** Corrects the type of one property. */
function isReally(type: string, ...path: string[]): Deviation {
  return {
    name: `${type}: ${path.join('.')}`,
    reason: 'the file says string because the entity does not declare a type',
    amend: (document) => {
      const found = at(document, 'components', 'schemas', ...path);
      if (found['type'] === type) return false;
      found['type'] = type;
      return true;
    },
  };
}

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
const properties = (schema: string, names: string[]) =>
  names.map((name) => mayBeNull(schema, 'properties', name));

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
