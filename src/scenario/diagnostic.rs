//! What is said about a line that could not be read as it stands.
//!
//! Messages are for learners: what was expected, in a short sentence. Invariant: a line that is
//! skipped has a problem; a note tells how a line was read, and changes nothing.

/// A remark about one place of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// From 1; `;` ends a line as a newline does.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    pub message: String,
    /// What to write instead: a word or a whole line.
    pub suggestion: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The line does not do what it says.
    Problem,
    /// How it was read.
    Note,
}

impl Severity {
    pub fn word(self) -> &'static str {
        match self {
            Severity::Problem => "problem",
            Severity::Note => "note",
        }
    }
}
