/**
 * Drawing without a framework: `h()` describes an element, `draw()` brings the page to that description.
 * Elements that stay are kept, so focus, scroll position and text being typed survive every redraw.
 * Text only ever becomes text nodes; there is no way to put in markup.
 */

type Listeners = { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };
type Attribute = string | number | boolean | undefined;

export interface Props {
  /** Tells siblings apart, so that the same element is found again after a redraw. */
  key?: string | undefined;
  on?: Listeners | undefined;
  /** Called once, after the element is in the page. */
  mounted?: ((element: HTMLElement) => void) | undefined;
  /** Called after every redraw, once its children are in place. */
  drawn?: ((element: HTMLElement) => void) | undefined;
  /** Called before the element leaves the page. */
  removed?: ((element: HTMLElement) => void) | undefined;
  /** What a form control holds; compared with what it really holds at each redraw. */
  value?: string | undefined;
  checked?: boolean | undefined;
  [attribute: string]: Attribute | Listeners | ((element: HTMLElement) => void);
}

export interface VNode {
  tag: string;
  props: Props;
  children: (VNode | string)[];
}

export type Child = VNode | string | false | null | undefined | Child[];

/** Describes an element. `false`, `null` and `undefined` children draw nothing; attributes likewise. */
export function h(tag: string, props: Props = {}, ...children: Child[]): VNode {
  return { tag, props, children: flatten(children) };
}

function flatten(children: Child[]): (VNode | string)[] {
  const flat: (VNode | string)[] = [];
  for (const child of children) {
    if (Array.isArray(child)) flat.push(...flatten(child));
    else if (child !== null && child !== undefined && child !== false && child !== '') flat.push(child);
  }
  return flat;
}

interface Drawn {
  props: Props;
  /** The listeners now attached; each calls whatever the latest props say. */
  attached: Set<string>;
}

const drawnAs = new WeakMap<Node, Drawn>();
const special = new Set(['key', 'on', 'mounted', 'drawn', 'removed', 'value', 'checked']);

/** Brings the children of `parent` to the description. */
export function draw(parent: HTMLElement, children: Child[]): void {
  const wanted = flatten(children);
  const matched = match([...parent.childNodes], wanted);
  const kept = new Set(matched);
  for (const node of [...parent.childNodes]) if (!kept.has(node)) remove(node);
  let cursor = parent.firstChild;
  wanted.forEach((vnode, i) => {
    const old = matched[i];
    const node = old ?? create(vnode);
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
    update(node, vnode);
    if (!old && typeof vnode !== 'string') vnode.props.mounted?.(node as HTMLElement);
  });
}

/** For each description the node that already stands for it: by key, else the next alike without a key. */
function match(nodes: ChildNode[], wanted: (VNode | string)[]): (ChildNode | undefined)[] {
  const free = new Set(nodes);
  return wanted.map((vnode) => {
    for (const node of free) {
      if (!isSame(node, vnode)) continue;
      free.delete(node);
      return node;
    }
    return undefined;
  });
}

function isSame(node: ChildNode, vnode: VNode | string): boolean {
  if (typeof vnode === 'string') return node.nodeType === Node.TEXT_NODE;
  if (!(node instanceof HTMLElement) || node.localName !== vnode.tag) return false;
  return drawnAs.get(node)?.props.key === vnode.props.key;
}

function create(vnode: VNode | string): ChildNode {
  if (typeof vnode === 'string') return document.createTextNode(vnode);
  const element = document.createElement(vnode.tag);
  drawnAs.set(element, { props: { key: vnode.props.key }, attached: new Set() });
  return element;
}

function update(node: ChildNode, vnode: VNode | string): void {
  if (typeof vnode === 'string') {
    if (node.textContent !== vnode) node.textContent = vnode;
    return;
  }
  const element = node as HTMLElement;
  const drawn = drawnAs.get(element);
  if (!drawn) return;
  updateAttributes(element, drawn.props, vnode.props);
  drawn.props = vnode.props;
  listen(element, drawn);
  draw(element, vnode.children);
  updateControl(element, vnode.props);
  vnode.props.drawn?.(element);
}

function updateAttributes(element: HTMLElement, before: Props, now: Props): void {
  for (const name of Object.keys(before)) {
    if (!special.has(name) && isUnset(now[name])) element.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(now)) {
    if (special.has(name) || isUnset(value)) continue;
    const text = value === true ? '' : String(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}

/** ARIA attributes say `false` in words; others are left away. */
function isUnset(value: unknown): boolean {
  return value === undefined || value === false;
}

function listen(element: HTMLElement, drawn: Drawn): void {
  for (const type of Object.keys(drawn.props.on ?? {})) {
    if (drawn.attached.has(type)) continue;
    drawn.attached.add(type);
    element.addEventListener(type, (event) => {
      const listener = drawn.props.on?.[type as keyof Listeners] as ((event: Event) => void) | undefined;
      listener?.(event);
    });
  }
}

function updateControl(element: HTMLElement, props: Props): void {
  if (props.value !== undefined && isControl(element) && element.value !== props.value) {
    element.value = props.value;
  }
  if (props.checked !== undefined && element instanceof HTMLInputElement) element.checked = props.checked;
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement | HTMLOptionElement;

function isControl(element: HTMLElement): element is Control {
  return ['input', 'textarea', 'select', 'option'].includes(element.localName);
}

function remove(node: ChildNode): void {
  const leave = (element: HTMLElement) => drawnAs.get(element)?.props.removed?.(element);
  if (node instanceof HTMLElement) {
    leave(node);
    for (const inner of node.querySelectorAll<HTMLElement>('*')) leave(inner);
  }
  node.remove();
}
