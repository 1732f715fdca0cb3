//! Making the tree so: what stays the same is left alone, so that neither focus nor what is typed is lost.

use js_sys::{Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    CustomEvent, CustomEventInit, Document, Element, EventTarget, HtmlElement, HtmlInputElement, Node, ShadowRoot,
    Window,
};

use crate::tree::{self, Act, el};
use crate::view::{MUST_BE_SEEN, TAKES_FOCUS};

/// By which an element finds what may be done with it.
const ACT: &str = "data-act";
const SVG: &str = "http://www.w3.org/2000/svg";

#[wasm_bindgen::prelude::wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = window)]
    static WINDOW: Window;
}

pub(super) fn window() -> Window {
    WINDOW.with(Window::clone)
}

fn document() -> Option<Document> {
    window().document()
}

/// What is drawn in a shadow root.
pub(super) struct Drawn {
    root: Option<Element>,
    tree: tree::Element,
    acts: Vec<Act>,
    focus: Option<HtmlElement>,
    must_be_seen: Option<Element>,
}

impl Drawn {
    /// An empty box of this class.
    pub(super) fn new(root: &ShadowRoot, class: &str) -> Self {
        let made = document().and_then(|document| document.create_element("div").ok());
        if let Some(made) = &made {
            let _ = made.set_attribute("class", class);
            let _ = root.append_child(made);
        }
        Self { root: made, tree: el("div"), acts: Vec::new(), focus: None, must_be_seen: None }
    }

    /// Draws; answers the button that must be seen, where there is one.
    pub(super) fn draw(&mut self, card: tree::Element) -> Option<Element> {
        let root = self.root.clone()?;
        let next = el("div").with(card);
        let before = std::mem::replace(&mut self.tree, next.clone());
        self.acts.clear();
        (self.focus, self.must_be_seen) = (None, None);
        self.children(root.as_ref(), &before.children, &next.children);
        if let Some(focus) = self.focus.take() {
            let _ = focus.focus();
        }
        self.must_be_seen.take()
    }

    fn children(&mut self, parent: &Node, before: &[tree::Node], next: &[tree::Node]) {
        for (at, child) in next.iter().enumerate() {
            let there = u32::try_from(at).ok().and_then(|at| parent.child_nodes().get(at));
            match (there, before.get(at)) {
                (Some(there), Some(old)) if is_same(old, child) => self.change(&there, old, child),
                (there, _) => {
                    let Some(made) = self.make(child) else { continue };
                    let _ = match there {
                        Some(there) => parent.replace_child(&made, &there),
                        None => parent.append_child(&made),
                    };
                    self.enliven(&made, child);
                }
            }
        }
        for _ in next.len()..before.len() {
            if let Some(last) = parent.last_child() {
                let _ = parent.remove_child(&last);
            }
        }
    }

    fn change(&mut self, there: &Node, before: &tree::Node, next: &tree::Node) {
        match (before, next) {
            (tree::Node::Text(before), tree::Node::Text(next)) if before != next => there.set_text_content(Some(next)),
            (tree::Node::Element(before), tree::Node::Element(next)) => {
                let Some(element) = there.dyn_ref::<Element>() else { return };
                for (name, _) in &before.attributes {
                    if !next.attributes.iter().any(|(kept, _)| kept == name) {
                        let _ = element.remove_attribute(name);
                    }
                }
                for attribute in next.attributes.iter().filter(|attribute| !before.attributes.contains(attribute)) {
                    let _ = element.set_attribute(attribute.0, &attribute.1);
                }
                self.act(element, next);
                self.children(there, &before.children, &next.children);
            }
            _ => {}
        }
    }

    fn make(&mut self, node: &tree::Node) -> Option<Node> {
        let document = document()?;
        match node {
            tree::Node::Text(text) => Some(document.create_text_node(text).into()),
            tree::Node::Element(wanted) => {
                let drawn = matches!(wanted.tag, "svg" | "path");
                let made = if drawn {
                    document.create_element_ns(Some(SVG), wanted.tag)
                } else {
                    document.create_element(wanted.tag)
                };
                let made = made.ok()?;
                for (name, value) in &wanted.attributes {
                    let _ = made.set_attribute(name, value);
                }
                self.act(&made, wanted);
                for child in &wanted.children {
                    if let Some(child) = self.make(child) {
                        let _ = made.append_child(&child);
                    }
                }
                Some(made.into())
            }
        }
    }

    /// What is new takes the focus where it is meant to.
    fn enliven(&mut self, made: &Node, wanted: &tree::Node) {
        let tree::Node::Element(_) = wanted else { return };
        let Some(element) = made.dyn_ref::<Element>() else { return };
        let selector = ["[", TAKES_FOCUS, "]"].concat();
        if let Ok(Some(focus)) = element.query_selector(&selector) {
            self.focus = focus.dyn_into().ok();
        }
    }

    fn act(&mut self, element: &Element, wanted: &tree::Element) {
        if wanted.attributes.iter().any(|(name, _)| *name == MUST_BE_SEEN) {
            self.must_be_seen = Some(element.clone());
        }
        match &wanted.act {
            Some(act) => {
                let _ = element.set_attribute(ACT, &self.acts.len().to_string());
                self.acts.push(act.clone());
            }
            None => {
                let _ = element.remove_attribute(ACT);
            }
        }
    }

    /// What an event of the browser means, and what stands in the field that it is about.
    pub(super) fn act_of(&self, event: &web_sys::Event) -> Option<(Act, String)> {
        let target: Element = event.target()?.dyn_into().ok()?;
        let value = target.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value).unwrap_or_default();
        let element = target.closest(&["[", ACT, "]"].concat()).ok()??;
        if element.has_attribute("disabled") {
            return None;
        }
        let act = element.get_attribute(ACT)?.parse::<usize>().ok()?;
        Some((self.acts.get(act)?.clone(), value))
    }
}

fn is_same(before: &tree::Node, next: &tree::Node) -> bool {
    match (before, next) {
        (tree::Node::Text(_), tree::Node::Text(_)) => true,
        (tree::Node::Element(before), tree::Node::Element(next)) => before.tag == next.tag && before.key == next.key,
        _ => false,
    }
}

/// A listener; dropping it takes it off.
pub(super) struct Listener {
    target: EventTarget,
    name: &'static str,
    listener: std::rc::Rc<Closure<dyn FnMut(web_sys::Event)>>,
}

impl Listener {
    /// One for each name, all of them calling the same; on the way down, because a picture that fails tells only itself.
    pub(super) fn on(
        target: &EventTarget,
        names: &[&'static str],
        hear: impl FnMut(web_sys::Event) + 'static,
    ) -> Vec<Self> {
        let listener = std::rc::Rc::new(Closure::<dyn FnMut(web_sys::Event)>::new(hear));
        let on = |name: &&'static str| {
            let function = (*listener).as_ref().unchecked_ref();
            let _ = target.add_event_listener_with_callback_and_bool(name, function, true);
            Self { target: target.clone(), name, listener: std::rc::Rc::clone(&listener) }
        };
        names.iter().map(on).collect()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = (*self.listener).as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback_and_bool(self.name, function, true);
    }
}

/// Milliseconds that go forward only, whatever somebody does to the clock.
pub(super) fn ticks() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |performance| performance.now())
}

/// Calls it once after so many milliseconds; answers the timer.
pub(super) fn after(ms: i32, call: impl FnOnce() + 'static) -> i32 {
    let call = Closure::once_into_js(call);
    window().set_timeout_with_callback_and_timeout_and_arguments_0(call.unchecked_ref(), ms).unwrap_or_default()
}

/// Calls it again and again, for as long as it answers yes.
pub(super) fn every(ms: i32, mut call: impl FnMut() -> bool + 'static) {
    after(ms, move || {
        if call() {
            every(ms, call);
        }
    });
}

/// Tells the page around; the event passes the edge of the box.
pub(super) fn emit(host: &Element, name: &str, detail: &[(&'static str, String)]) {
    let object = Object::new();
    for (name, value) in detail {
        let _ = Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_detail(&object);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
        let _ = host.dispatch_event(&event);
    }
}
