//! Text files of whatever size: which encoding they are in, and reading them in it, a piece at a time.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};

use super::table::TableError;

/// Bytes that are read at once.
const BLOCK: usize = 64 * 1024;

/// The encoding of a text: UTF-8, else GB18030. What is valid in neither is an error, never a question mark.
///
/// # Errors
/// [`TableError::Encoding`] with the line of the first byte that is not UTF-8; [`TableError::Broken`] where the file cannot
/// be read.
pub fn encoding<'a>(mut open: impl FnMut() -> io::Result<Box<dyn Read + 'a>>) -> Result<&'static Encoding, TableError> {
    let mut check = |encoding: &'static Encoding, refused: fn(char) -> bool| {
        let file = open().map_err(|error| unreadable(&error))?;
        first_bad_line(file, encoding, refused).map_err(|error| unreadable(&error))
    };
    let Some(line) = check(UTF_8, |letter| letter == '\0')? else { return Ok(UTF_8) };
    // Control characters show that it was some other encoding that happens to be readable.
    let refused = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
    match check(GB18030, refused)? {
        None => Ok(GB18030),
        Some(_) => Err(TableError::Encoding { line }),
    }
}

/// What is said of a file that the disk does not give.
pub fn unreadable(error: &io::Error) -> TableError {
    TableError::Broken { line: 1, message: error.to_string() }
}

/// The line of the first bytes that an encoding does not know, or of the first letter that is refused.
fn first_bad_line(
    mut file: Box<dyn Read + '_>,
    encoding: &'static Encoding,
    refused: fn(char) -> bool,
) -> io::Result<Option<usize>> {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let (mut raw, mut text, mut line) = (vec![0; BLOCK], String::with_capacity(BLOCK * 4), 1_usize);
    loop {
        let read = file.read(&mut raw)?;
        let last = read == 0;
        text.clear();
        let block = raw.get(..read).unwrap_or_default();
        let (result, _) = decoder.decode_to_string_without_replacement(block, &mut text, last);
        let good = text.find(refused);
        line += text.get(..good.unwrap_or(text.len())).unwrap_or_default().matches('\n').count();
        if good.is_some() || !matches!(result, DecoderResult::InputEmpty) {
            return Ok(Some(line));
        }
        if last {
            return Ok(None);
        }
    }
}

/// A file as UTF-8, whatever it was written in. It remembers where lines end, as far as they were not asked for.
pub struct Decoded<R> {
    file: R,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    /// What of the text was handed out.
    given: usize,
    /// How much text came before.
    before: u64,
    done: bool,
    ends: RefCell<VecDeque<(u64, bool)>>,
}

impl<R: Read> Decoded<R> {
    /// Reads a file in an encoding.
    pub fn new(file: R, encoding: &'static Encoding) -> Self {
        Self {
            file,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; BLOCK],
            text: Vec::new(),
            given: 0,
            before: 0,
            done: false,
            ends: RefCell::new(VecDeque::new()),
        }
    }

    /// The text that comes next, without taking it.
    ///
    /// # Errors
    /// Those of the file.
    pub fn peek(&mut self) -> io::Result<&[u8]> {
        while self.given >= self.text.len() && !self.done {
            self.fill()?;
        }
        Ok(self.text.get(self.given..).unwrap_or_default())
    }

    /// How many lines end between a place in the text, in bytes, and the next letter. Places before it are forgotten.
    pub fn empty_lines(&self, place: u64) -> usize {
        let mut ends = self.ends.borrow_mut();
        while ends.front().is_some_and(|(at, _)| *at < place) {
            ends.pop_front();
        }
        let run = ends.iter().zip(place..).take_while(|((at, _), next)| at == next);
        run.filter(|((_, is_line), _)| *is_line).count()
    }

    fn fill(&mut self) -> io::Result<()> {
        let read = self.file.read(&mut self.raw)?;
        self.done = read == 0;
        self.before += self.text.len() as u64;
        self.given = 0;
        let block = self.raw.get(..read).unwrap_or_default();
        let room = self.decoder.max_utf8_buffer_length_without_replacement(read).unwrap_or(BLOCK * 4);
        self.text.resize(room.max(16), 0);
        let (result, _, written) = self.decoder.decode_to_utf8_without_replacement(block, &mut self.text, self.done);
        self.text.truncate(written);
        if !matches!(result, DecoderResult::InputEmpty) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the text changed while it was read"));
        }
        let mut ends = self.ends.borrow_mut();
        for (byte, at) in self.text.iter().zip(self.before..) {
            if matches!(byte, b'\n' | b'\r') {
                ends.push_back((at, *byte == b'\n'));
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let text = self.peek()?;
        let count = text.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..count), text.get(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        Ok(count)
    }
}
