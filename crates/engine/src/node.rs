//! Text files as a tree that remembers lines, and the problems found in them.
//!
//! Numbers stay text: `0.05` never passes through a float.

use std::fmt;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

/// Something wrong in a file or structure: where, what, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The line in the file, from 1; 0 where there is no file.
    pub line: u32,
    /// RFC 6901 pointer such as `/components/0/rate`.
    pub pointer: String,
    /// A stable code.
    pub code: &'static str,
    /// What is wrong and what would be right, in English.
    pub detail: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        write!(
            f,
            "{}: {} ({})",
            if self.pointer.is_empty() {
                "/"
            } else {
                &self.pointer
            },
            self.detail,
            self.code
        )
    }
}

/// The most bytes of a plan or metric file.
pub const MAX_BYTES: usize = 1_000_000;
const MAX_DEPTH: usize = 32;

/// A value with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The line it begins on, from 1; 0 when it did not come from a file.
    pub line: u32,
    /// What it is.
    pub value: Value,
}

/// What a node can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A word or number; `quoted` as written in the file.
    Scalar {
        /// The text as written.
        text: String,
        /// Whether it was in quotes.
        quoted: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// Keys with the line of the key, in the order of the file.
    Map(Vec<(String, u32, Node)>),
}

impl Node {
    /// Reads YAML or JSON (which is YAML) of one document.
    ///
    /// # Errors
    /// One problem: unreadable text, a duplicate key, an alias, more than 1 MB or 32 levels.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        if text.len() > MAX_BYTES {
            return Err(problem(0, "", "too_large", "the file is larger than 1 MB"));
        }
        Builder::default().run(text)
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Map(entries) => entries
                .iter()
                .find(|(name, _, _)| name == key)
                .map(|(_, _, node)| node),
            _ => None,
        }
    }

    /// As JSON for structures that serde reads: `true`, `false` and whole numbers keep their type, decimals become strings.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Scalar { text, quoted: true } => text.clone().into(),
            Value::Scalar {
                text,
                quoted: false,
            } => match (text.as_str(), text.parse::<i64>()) {
                ("true", _) => true.into(),
                ("false", _) => false.into(),
                (_, Ok(number)) => number.into(),
                _ => text.clone().into(),
            },
            Value::List(items) => items.iter().map(Node::to_json).collect(),
            Value::Map(entries) => entries
                .iter()
                .map(|(key, _, node)| (key.clone(), node.to_json()))
                .collect(),
        }
    }

    /// The node a pointer names, or the deepest one on the way.
    pub fn at(&self, pointer: &str) -> &Node {
        let mut node = self;
        for part in pointer.split('/').skip(1) {
            let next = match &node.value {
                Value::List(items) => part.parse::<usize>().ok().and_then(|at| items.get(at)),
                _ => node.get(part),
            };
            match next {
                Some(next) => node = next,
                None => return node,
            }
        }
        node
    }
}

pub(crate) fn problem(
    line: u32,
    pointer: &str,
    code: &'static str,
    detail: impl Into<String>,
) -> Problem {
    Problem {
        line,
        pointer: pointer.to_owned(),
        code,
        detail: detail.into(),
    }
}

#[derive(Default)]
struct Builder {
    /// Open lists and maps; a map carries the key that waits for its value.
    open: Vec<(Node, Option<(String, u32)>)>,
    root: Option<Node>,
}

impl Builder {
    fn run(mut self, text: &str) -> Result<Node, Problem> {
        for item in Parser::new_from_str(text) {
            let (event, span) = item.map_err(|error| {
                let line = u32::try_from(error.marker().line()).unwrap_or(0);
                problem(
                    line,
                    "",
                    "unreadable",
                    format!("this is neither YAML nor JSON: {}", error.info()),
                )
            })?;
            self.event(event, line_of(&span))?;
        }
        Ok(self.root.unwrap_or(Node {
            line: 1,
            value: Value::Null,
        }))
    }

    fn event(&mut self, event: Event<'_>, line: u32) -> Result<(), Problem> {
        match event {
            Event::Scalar(text, style, _, _) => {
                let quoted = style != ScalarStyle::Plain;
                let null = !quoted && matches!(text.as_ref(), "" | "~" | "null");
                let value = if null {
                    Value::Null
                } else {
                    Value::Scalar {
                        text: text.into_owned(),
                        quoted,
                    }
                };
                self.close(Node { line, value })
            }
            Event::SequenceStart(..) => self.open(Node {
                line,
                value: Value::List(Vec::new()),
            }),
            Event::MappingStart(..) => self.open(Node {
                line,
                value: Value::Map(Vec::new()),
            }),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some((node, _)) => self.close(node),
                None => Ok(()),
            },
            Event::Alias(_) => Err(problem(
                line,
                "",
                "alias",
                "aliases (*name) are not used here; write the value out",
            )),
            Event::DocumentStart(_) if self.root.is_some() => Err(problem(
                line,
                "",
                "several_documents",
                "one document per file",
            )),
            _ => Ok(()),
        }
    }

    fn open(&mut self, node: Node) -> Result<(), Problem> {
        if self.open.len() >= MAX_DEPTH {
            return Err(problem(node.line, "", "too_deep", "more than 32 levels"));
        }
        self.open.push((node, None));
        Ok(())
    }

    fn close(&mut self, node: Node) -> Result<(), Problem> {
        let Some((parent, key)) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut parent.value {
            Value::List(items) => items.push(node),
            Value::Map(entries) => match key.take() {
                Some((name, line)) => entries.push((name, line, node)),
                None => {
                    let name = node.text().unwrap_or_default().to_owned();
                    if entries.iter().any(|(known, _, _)| *known == name) {
                        return Err(problem(
                            node.line,
                            &format!("/{name}"),
                            "duplicate_key",
                            format!("`{name}` is there twice"),
                        ));
                    }
                    *key = Some((name, node.line));
                }
            },
            _ => {}
        }
        Ok(())
    }
}

fn line_of(span: &Span) -> u32 {
    u32::try_from(span.start.line()).unwrap_or(0)
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

struct NodeVisitor;

fn scalar<E>(text: impl Into<String>, quoted: bool) -> Result<Node, E> {
    Ok(Node {
        line: 0,
        value: Value::Scalar {
            text: text.into(),
            quoted,
        },
    })
}

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a whole number, a list or an object (write decimals as strings)")
    }

    fn visit_unit<E: Error>(self) -> Result<Node, E> {
        Ok(Node {
            line: 0,
            value: Value::Null,
        })
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Node, E> {
        scalar(value.to_string(), false)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Node, E> {
        scalar(value.to_string(), false)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Node, E> {
        scalar(value.to_string(), false)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Node, E> {
        scalar(value, true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node {
            line: 0,
            value: Value::List(list),
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut map: Vec<(String, u32, Node)> = Vec::new();
        while let Some((key, value)) = entries.next_entry::<String, Node>()? {
            if map.iter().any(|(known, _, _)| *known == key) {
                return Err(A::Error::custom(format!("`{key}` is there twice")));
            }
            map.push((key, 0, value));
        }
        Ok(Node {
            line: 0,
            value: Value::Map(map),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_text_are_kept() {
        let node = Node::parse("a: 0.050\nb:\n  - \"5%\"\n  - {c: ~}\n").unwrap();
        assert_eq!(node.get("a").unwrap().text(), Some("0.050"));
        assert_eq!(node.at("/b/0").line, 3);
        assert_eq!(node.at("/b/1/c").value, Value::Null);
        assert_eq!(Node::parse("a: 1\na: 2").unwrap_err().code, "duplicate_key");
        assert_eq!(Node::parse("a: [1").unwrap_err().code, "unreadable");
        assert_eq!(Node::parse("a: &x 1\nb: *x").unwrap_err().code, "alias");
        assert_eq!(Node::parse(&"[".repeat(100)).unwrap_err().code, "too_deep");
        assert!(serde_json::from_str::<Node>("{\"rate\":0.05}").is_err());
    }
}
