import { botLevel, branchesOf, nameOf, namespaceOf, type Project } from './model.ts';

const iso = (date: Date) => date.toISOString();

function permissions(project: Project) {
  const level = botLevel(project);
  return {
    permissions: { project_access: { access_level: level, notification_level: 3 }, group_access: null },
  };
}

/** GitLab's JSON for a project, with what the token may do there. */
export function projectJson(project: Project, webUrl: string, base: string) {
  const { spec } = project;
  const namespace = namespaceOf(project);
  const role = spec.variablesMinimumRole ?? 'developer';
  return {
    id: project.id,
    description: `Simulated project ${nameOf(project)}`,
    name: nameOf(project),
    name_with_namespace: `${namespace.split('/').join(' / ')} / ${nameOf(project)}`,
    path: nameOf(project),
    path_with_namespace: spec.path,
    created_at: iso(project.createdAt),
    last_activity_at: iso(project.pipelines.at(-1)?.createdAt ?? project.createdAt),
    default_branch: branchesOf(project)[0] ?? 'main',
    tag_list: [],
    topics: [],
    ssh_url_to_repo: `git@${new URL(base).hostname}:${spec.path}.git`,
    http_url_to_repo: `${webUrl}.git`,
    web_url: webUrl,
    readme_url: `${webUrl}/-/blob/main/README.md`,
    avatar_url: null,
    forks_count: 0,
    star_count: 0,
    visibility: 'private',
    namespace: {
      id: 7,
      name: namespace,
      path: namespace.split('/').at(-1) ?? namespace,
      kind: 'group',
      full_path: namespace,
      parent_id: null,
      avatar_url: null,
      web_url: `${base}/groups/${namespace}`,
    },
    archived: spec.archived === true,
    empty_repo: false,
    jobs_enabled: spec.buildsAccess !== 'disabled',
    builds_access_level: spec.buildsAccess ?? 'enabled',
    public_jobs: false,
    ci_config_path: '.gitlab-ci.yml',
    ci_default_git_depth: 20,
    ci_forward_deployment_enabled: true,
    build_timeout: 3600,
    auto_cancel_pending_pipelines: 'enabled',
    ci_pipeline_variables_minimum_override_role: role,
    restrict_user_defined_variables: role !== 'developer',
    merge_method: 'merge',
    squash_option: 'default_off',
    only_allow_merge_if_pipeline_succeeds: false,
    shared_runners_enabled: true,
    group_runners_enabled: true,
    repository_access_level: 'enabled',
    merge_requests_access_level: 'enabled',
    environments_access_level: 'enabled',
    ...permissions(project),
  };
}
