import { ApiError, notFound } from './api-error.ts';
import { type Call, environmentsOf, projectsOf } from './call.ts';
import type { Issue } from './issue-store.ts';
import { pageOf } from './paging.ts';
import { rangeOf, timeCondition } from './period.ts';
import { matches, parseSearch, searchError } from './search.ts';

const states = ['unresolved', 'resolved', 'ignored', 'archived'];
/** What `is:` may say besides; here no issue is assigned, linked or bookmarked, and all are new. */
const others: Record<string, boolean> = {
  new: true,
  unassigned: true,
  unlinked: true,
  for_review: true,
  ongoing: false,
  escalating: false,
  regressed: false,
  assigned: false,
  linked: false,
};

/** Whether the issue is in the state that `is:` names; throws 400 for a name that is none. */
function isIn(issue: Issue, value: string): boolean {
  if (states.includes(value)) return issue.status === (value === 'archived' ? 'ignored' : value);
  const fixed = others[value];
  if (fixed !== undefined) return fixed;
  const valid = [...states, ...Object.keys(others)].map((name) => `'${name}'`).join(', ');
  throw searchError(`Invalid value for "is" search, valid values are [${valid}]`);
}

/** Keys of a search that are times, and what they look at. */
const times: Record<string, 'firstSeen' | 'lastSeen'> = {
  firstSeen: 'firstSeen',
  age: 'firstSeen',
  lastSeen: 'lastSeen',
};

function isWhen(issue: Issue, key: string, value: string, now: number): boolean {
  const condition = timeCondition(value, now);
  if (!condition)
    throw searchError(
      `${key}: Invalid date: ${value}. Expected +/-duration (e.g. +1h) or ISO 8601-like (e.g. >2026-06-02T00:00:00).`,
    );
  return condition(issue[times[key] ?? 'firstSeen']);
}

const nobody: Issue = {
  id: '0',
  project: '',
  environment: '',
  title: '',
  culprit: '',
  level: 'error',
  status: 'unresolved',
  firstRelease: null,
  firstSeen: 0,
  lastSeen: 0,
  count: 0,
  userCount: 0,
  tags: {},
};

const orders: Record<string, (a: Issue, b: Issue) => number> = {
  date: (a, b) => b.lastSeen - a.lastSeen,
  new: (a, b) => b.firstSeen - a.firstSeen,
  freq: (a, b) => b.count - a.count,
  user: (a, b) => b.userCount - a.userCount,
};

/** `/organizations/:org/issues/`: `is:unresolved` is understood when there is no `query` at all. */
export function listIssues(call: Call) {
  const { query, url } = call;
  const period = query.get('groupStatsPeriod');
  if (period !== null && !['', '24h', '14d', 'auto'].includes(period))
    throw new ApiError(400, { detail: "Invalid stats_period. Valid choices are '', '24h', and '14d'" });
  const order = orders[query.get('sort') ?? 'date'];
  if (!order) throw new ApiError(400, { detail: `Invalid sort parameter: '${query.get('sort')}'` });
  const projects = projectsOf(call).map(({ slug }) => slug);
  const environments = environmentsOf(call);
  const range = rangeOf(query, call.now);
  const search = parseSearch(query.get('query') ?? 'is:unresolved');
  const special = (key: string) => key === 'is' || key in times;
  const own = search.conditions.filter(({ key }) => special(key));
  const rest = { ...search, conditions: search.conditions.filter(({ key }) => !special(key)) };
  const holds = (issue: Issue, key: string, value: string) =>
    key === 'is' ? isIn(issue, value) : isWhen(issue, key, value, call.now);
  // Looked at even where there is no issue: a search that is wrong is refused all the same.
  for (const { key, values } of own) for (const value of values) holds(nobody, key, value);
  const found = call.issues
    .all()
    .filter((issue) =>
      own.every(
        ({ key, values, isNegated }) => values.some((value) => holds(issue, key, value)) !== isNegated,
      ),
    )
    .filter((issue) => projects.includes(issue.project))
    .filter((issue) => environments.length === 0 || environments.includes(issue.environment))
    .filter((issue) => issue.lastSeen >= range.start && issue.firstSeen <= range.end)
    .filter((issue) => matches(rest, tagsOf(issue), issue.title))
    .sort(order);
  const page = pageOf(found, query, url);
  return { body: page.items.map((issue) => issueJson(call, issue)), headers: page.headers };
}

function tagsOf(issue: Issue): Record<string, string> {
  const { firstRelease, environment, level, project } = issue;
  const released =
    firstRelease === null ? {} : { firstRelease, 'first-release': firstRelease, release: firstRelease };
  return { project, environment, level, 'issue.category': 'error', ...released, ...issue.tags };
}

/** `/organizations/:org/issues/:id/`: a single one names its first release, which lists do not. */
export function getIssue(call: Call) {
  const issue = call.issues.find(call.path['issue'] ?? '');
  const visible = call.world.projects.some(({ slug, hidden }) => slug === issue?.project && !hidden);
  if (!issue || !visible) throw notFound();
  const release =
    issue.firstRelease === null ? null : { version: issue.firstRelease, shortVersion: issue.firstRelease };
  return { ...issueJson(call, issue), firstRelease: release, lastRelease: release, activity: [], tags: [] };
}

function issueJson({ world, url }: Call, issue: Issue) {
  const project = world.projects.find(({ slug }) => slug === issue.project);
  const [type = issue.title, value = ''] = issue.title.split(/: (.*)/s);
  return {
    id: issue.id,
    shareId: null,
    shortId: `${issue.project.toUpperCase()}-${Number(issue.id).toString(36).toUpperCase()}`,
    title: issue.title,
    culprit: issue.culprit,
    permalink: `${url.origin}/organizations/${world.organization}/issues/${issue.id}/`,
    logger: null,
    level: issue.level,
    status: issue.status,
    statusDetails: {},
    substatus: issue.status === 'unresolved' ? 'new' : null,
    isPublic: false,
    platform: project?.platform ?? 'other',
    project: { id: project?.id, name: issue.project, slug: issue.project, platform: project?.platform },
    type: 'error',
    metadata: { type, value },
    numComments: 0,
    assignedTo: null,
    isBookmarked: false,
    isSubscribed: false,
    subscriptionDetails: null,
    hasSeen: false,
    annotations: [],
    issueType: 'error',
    issueCategory: 'error',
    priority: 'high',
    isUnhandled: issue.level === 'fatal',
    count: String(issue.count),
    userCount: issue.userCount,
    firstSeen: new Date(issue.firstSeen).toISOString(),
    lastSeen: new Date(issue.lastSeen).toISOString(),
  };
}
