import { isObject, type JsonObject } from '../../sandbox/shared/json.ts';
import { at, type Deviation, isReally, lists, mayBeNull, properties } from './amend.ts';

const one = 'API_Entities_MergeRequest';
const list = '/api/v4/projects/{id}/merge_requests';
const single = '/api/v4/projects/{id}/merge_requests/{merge_request_iid}';

/** The file types a merge request properly only where it is a single one. */
function typeAlike(name: string): (document: JsonObject) => boolean {
  return (document) => {
    const typed = at(document, 'components', 'schemas', one, 'properties');
    const place = at(document, 'components', 'schemas', name, 'properties');
    let changed = 0;
    for (const [property, schema] of Object.entries(typed)) {
      if (!isObject(place[property]) || JSON.stringify(place[property]) === JSON.stringify(schema)) continue;
      place[property] = structuredClone(schema);
      changed += 1;
    }
    return changed > 0;
  };
}

/** A Swagger 2 body parameter, which OpenAPI 3 does not know. */
function moveBody(document: JsonObject): boolean {
  const put = at(document, 'paths', single, 'put');
  const parameters = Array.isArray(put['parameters']) ? put['parameters'].filter(isObject) : [];
  const body = parameters.find((parameter) => parameter['in'] === 'body');
  if (!body) return false;
  put['parameters'] = parameters.filter((parameter) => parameter !== body);
  put['requestBody'] = { content: { 'application/json': { schema: body['schema'] } } };
  return true;
}

/** Labels: a list, or one text with commas between them. */
function labelsAsText(document: JsonObject): boolean {
  const name = 'putApiV4ProjectsIdMergeRequestsMergeRequestIid';
  const place = at(document, 'components', 'schemas', name, 'properties');
  const names = ['labels', 'add_labels', 'remove_labels'].filter(
    (label) => at(place, label)['type'] === 'array',
  );
  for (const label of names) place[label] = { oneOf: [place[label], { type: 'string' }] };
  return names.length === 3;
}

/** The deviations of merge requests, deployments, environments, feature flags and comparisons. */
export const reviewDeviations: Deviation[] = [
  {
    name: 'the list of merge requests is a list',
    reason: 'the file describes it as one merge request',
    amend: (document) => {
      const content = at(document, 'paths', list, 'get', 'responses', '200', 'content', 'application/json');
      const items = at(content, 'schema');
      if (items['type'] === 'array') return false;
      content['schema'] = { type: 'array', items };
      return true;
    },
  },
  {
    name: 'the body of a change of a merge request',
    reason: 'a parameter in the body is Swagger 2 and ignored in OpenAPI 3: moved, so that it is checked',
    amend: moveBody,
  },
  {
    name: 'labels of a change as one text',
    reason:
      'the file says a list; its own description says comma-separated, and the real client sends a text',
    amend: labelsAsText,
  },
  isReally('boolean', one, 'properties', 'discussion_locked'),
  ...properties(one, [
    'assignee',
    'closed_at',
    'closed_by',
    'discussion_locked',
    'first_deployed_to_production_at',
    'head_pipeline',
    'latest_build_finished_at',
    'latest_build_started_at',
    'merge_after',
    'merge_commit_sha',
    'merge_error',
    'merge_user',
    'merged_at',
    'merged_by',
    'milestone',
    'pipeline',
    'should_remove_source_branch',
    'squash_commit_sha',
  ]),
  ...properties('API_Entities_IssuableTimeStats', ['human_time_estimate', 'human_total_time_spent']),
  ...['API_Entities_MergeRequestBasic', 'API_Entities_MergeRequestChanges'].map((name) => ({
    name: `types of ${name}`,
    reason: 'the file says string for what has a type in API_Entities_MergeRequest, of which it is a part',
    amend: typeAlike(name),
  })),
  ...lists('API_Entities_MergeRequestChanges', ['changes']),
  isReally('boolean', 'API_Entities_MergeRequestChanges', 'properties', 'overflow'),
  ...lists('API_Entities_DeploymentExtended', ['approvals']),
  ...lists('API_Entities_Deployments_ApprovalSummary', ['rules']),
  ...properties('API_Entities_Environment', [
    'auto_stop_at',
    'cluster_agent',
    'description',
    'external_url',
    'flux_resource_path',
    'kubernetes_namespace',
  ]),
  ...properties('API_Entities_FeatureFlag', ['description']),
  ...lists('API_Entities_FeatureFlag', ['scopes', 'strategies']),
  ...lists('API_Entities_FeatureFlag_Strategy', ['scopes']),
  isReally('object', 'API_Entities_FeatureFlag_Strategy', 'properties', 'parameters'),
  ...properties('API_Entities_FeatureFlag_Strategy', ['user_list']),
  mayBeNull('API_Entities_Compare', 'properties', 'commit'),
];
