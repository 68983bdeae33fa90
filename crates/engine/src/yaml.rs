//! YAML as a JSON tree in which numbers stay text: `0.05` never becomes a float. Each value remembers its line.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

/// Values nested deeper are refused.
const DEPTH: usize = 32;
/// Files with more values are refused.
const NODES: usize = 50_000;

/// A tree and where its values stand.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The values: maps, lists, text, flags and nothing; numbers as text.
    pub value: Value,
    /// Line (from 1) by JSON pointer.
    pub lines: BTreeMap<String, usize>,
}

impl Tree {
    /// The line of a pointer, or of the nearest value around it.
    #[must_use]
    pub fn line(&self, pointer: &str) -> usize {
        let mut pointer = pointer;
        loop {
            if let Some(line) = self.lines.get(pointer) {
                return *line;
            }
            match pointer.rfind('/') {
                Some(cut) => pointer = &pointer[..cut],
                None => return 1,
            }
        }
    }
}

/// A file that cannot be read as YAML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct YamlError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

enum Frame {
    List(Vec<Value>, String),
    Map(Map<String, Value>, Option<String>, String),
}

struct Builder {
    stack: Vec<Frame>,
    lines: BTreeMap<String, usize>,
    root: Option<Value>,
    nodes: usize,
}

/// Reads one YAML document (JSON is YAML too).
///
/// # Errors
/// [`YamlError`] with the line: not YAML, aliases, two documents, a key twice, or beyond the bounds.
pub fn read(text: &str) -> Result<Tree, YamlError> {
    let mut builder = Builder { stack: Vec::new(), lines: BTreeMap::new(), root: None, nodes: 0 };
    for event in Parser::new_from_str(text) {
        let (event, span) =
            event.map_err(|e| YamlError { line: e.marker().line(), message: format!("not YAML: {}", e.info()) })?;
        let line = span.start.line();
        builder.take(event, line).map_err(|message| YamlError { line, message })?;
    }
    let value = builder.root.ok_or(YamlError { line: 1, message: "the file is empty".to_owned() })?;
    Ok(Tree { value, lines: builder.lines })
}

impl Builder {
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, _, _) => {
                if let Some(Frame::Map(map, key @ None, _)) = self.stack.last_mut() {
                    if map.contains_key(text.as_ref()) {
                        return Err(format!("'{text}' stands twice"));
                    }
                    *key = Some(text.into_owned());
                    return Ok(());
                }
                let value = scalar(&text, style);
                self.begin(line)?;
                self.put(value)
            }
            Event::SequenceStart(..) => {
                let pointer = self.begin(line)?;
                self.stack.push(Frame::List(Vec::new(), pointer));
                Ok(())
            }
            Event::MappingStart(..) => {
                let pointer = self.begin(line)?;
                self.stack.push(Frame::Map(Map::new(), None, pointer));
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => match self.stack.pop() {
                Some(Frame::List(list, _)) => self.put(Value::Array(list)),
                Some(Frame::Map(map, _, _)) => self.put(Value::Object(map)),
                None => Err("an end without a beginning".to_owned()),
            },
            Event::Alias(_) => Err("aliases (*name) are not supported".to_owned()),
            Event::DocumentStart(_) if self.root.is_some() => Err("a second document begins here".to_owned()),
            _ => Ok(()),
        }
    }

    /// Notes where a value begins and answers its pointer.
    fn begin(&mut self, line: usize) -> Result<String, String> {
        self.nodes += 1;
        if self.nodes > NODES {
            return Err(format!("more than {NODES} values"));
        }
        if self.stack.len() >= DEPTH {
            return Err(format!("nested deeper than {DEPTH} levels"));
        }
        let pointer = match self.stack.last() {
            None => String::new(),
            Some(Frame::List(list, at)) => format!("{at}/{}", list.len()),
            Some(Frame::Map(_, Some(key), at)) => format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")),
            Some(Frame::Map(_, None, _)) => return Err("a key must be a plain word".to_owned()),
        };
        self.lines.insert(pointer.clone(), line);
        Ok(pointer)
    }

    fn put(&mut self, value: Value) -> Result<(), String> {
        match self.stack.last_mut() {
            None => self.root = Some(value),
            Some(Frame::List(list, _)) => list.push(value),
            Some(Frame::Map(map, key, _)) => {
                let key = key.take().ok_or("a value without a key")?;
                map.insert(key, value);
            }
        }
        Ok(())
    }
}

fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::String(text.to_owned());
    }
    match text {
        "" | "~" | "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        other => Value::String(other.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_stay_text_and_lines_are_known() {
        let tree = read("a: 0.10\nb:\n  - x\n  - {c: 1e3, d: true}\n").unwrap();
        assert_eq!(tree.value.to_string(), r#"{"a":"0.10","b":["x",{"c":"1e3","d":true}]}"#);
        assert_eq!(tree.line("/b/1/c"), 4);
        assert_eq!(tree.line("/b/1/absent"), 4);
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        for (text, line) in [("a: [1", 1), ("a: 1\na: 2", 2), ("a: &x 1\nb: *x", 2), ("", 1), ("a: 1\n---\nb: 2", 2)] {
            let error = read(text).unwrap_err();
            assert!(error.line >= line || text == "a: [1", "{text:?}: {error}");
        }
        assert!(read(&"[".repeat(100)).is_err());
    }
}
