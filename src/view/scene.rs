//! The stage: one instant of the run, on the left what the shoppers see, on the right what is
//! really stored.

use crate::shop::Name;
use crate::time::SimTime;
use crate::view::Show;

/// How much room the stage has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// 710 wide, one stage.
    Wide,
    /// 646 wide, side by side.
    Half,
    /// 372 wide; the buttons stand below.
    Phone,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    pub width: i32,
    pub height: i32,
}

impl Scene {
    pub fn at(_show: &Show, _stage: &[Name], _now: SimTime, _shape: Shape) -> Scene {
        Scene { width: 710, height: 334 }
    }
}
