//! What is there to be seen, as plain values: `page::dom` makes it so in the browser, and the tests read it as HTML.

use crate::model::{Event, Field};

/// What stands somewhere.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A text, which never becomes markup.
    Text(String),
    /// An element.
    Element(Element),
}

/// An element.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// Its name.
    pub tag: &'static str,
    /// Another element in the same place, even where its name is the same: what somebody typed does not stay in it.
    pub key: &'static str,
    /// Its attributes; an empty value is one that is only there.
    pub attributes: Vec<(&'static str, String)>,
    /// What a person may do with it.
    pub act: Option<Act>,
    /// What stands in it.
    pub children: Vec<Node>,
}

/// What a person may do with an element.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// A tap.
    Tap(Event),
    /// Something is typed.
    Type(Field),
    /// A form is sent.
    Submit(Event),
    /// What it shows could not be loaded.
    Fail(Event),
}

/// An element without anything.
#[must_use]
pub fn el(tag: &'static str) -> Element {
    Element { tag, key: "", attributes: Vec::new(), act: None, children: Vec::new() }
}

impl Element {
    /// With an attribute, in place of an earlier one of that name.
    #[must_use]
    pub fn attr(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.retain(|(known, _)| *known != name);
        self.attributes.push((name, value.into()));
        self
    }

    /// With an attribute that is only there, where it is.
    #[must_use]
    pub fn flag(self, name: &'static str, there: bool) -> Self {
        if there { self.attr(name, "") } else { self }
    }

    /// With a class, and as a part that the page may style.
    #[must_use]
    pub fn part(self, name: &'static str) -> Self {
        self.attr("class", name).attr("part", name)
    }

    /// With classes.
    #[must_use]
    pub fn class(self, names: impl Into<String>) -> Self {
        self.attr("class", names)
    }

    /// As another one than what stood there.
    #[must_use]
    pub fn key(mut self, key: &'static str) -> Self {
        self.key = key;
        self
    }

    /// With what a person may do.
    #[must_use]
    pub fn on(mut self, act: Act) -> Self {
        self.act = Some(act);
        self
    }

    /// With a text in it.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.children.push(Node::Text(text.into()));
        self
    }

    /// With an element in it.
    #[must_use]
    pub fn with(mut self, child: impl Into<Option<Element>>) -> Self {
        self.children.extend(child.into().map(Node::Element));
        self
    }

    /// With several.
    #[must_use]
    pub fn all(mut self, children: impl IntoIterator<Item = Element>) -> Self {
        self.children.extend(children.into_iter().map(Node::Element));
        self
    }
}

#[cfg(test)]
impl Element {
    /// As HTML, without what is there for the eye alone.
    pub(crate) fn html(&self) -> String {
        let attributes: String = self
            .attributes
            .iter()
            .filter(|(name, _)| *name != "part")
            .map(|(name, value)| match value.replace('<', "&lt;") {
                value if value.is_empty() => format!(" {name}"),
                value => format!(" {name}=\"{value}\""),
            })
            .collect();
        let inside: String = self
            .children
            .iter()
            .map(|child| match child {
                Node::Text(text) => text.replace('&', "&amp;").replace('<', "&lt;"),
                Node::Element(element) => element.html(),
            })
            .collect();
        format!("<{}{attributes}>{inside}</{}>", self.tag, self.tag)
    }

    /// The words in it.
    pub(crate) fn words(&self) -> String {
        let words = self.children.iter().map(|child| match child {
            Node::Text(text) => text.clone(),
            Node::Element(element) => element.words(),
        });
        let words: Vec<String> = words.filter(|words| !words.is_empty()).collect();
        words.join(" ")
    }
}
