//! The words of the stage, and how wide they are drawn.
