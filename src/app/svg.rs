//! Written pictures on the page: the browser reads the text in one piece, and a redraw compares
//! one string. Invariant: only what [`Svg`] wrote gets here, and that is escaped.

pub use crate::view::svg::{Svg, px, translate};
use yew::prelude::*;

/// A picture as elements, where it stands in an `svg`.
pub trait Drawn {
    fn html(self) -> Html;
    fn markup(self) -> AttrValue;
}

impl Drawn for Svg {
    #[inline(never)]
    fn html(self) -> Html {
        drawn(self.markup())
    }

    fn markup(self) -> AttrValue {
        self.string().into()
    }
}

/// A picture that was written before; the same one is not even looked at.
#[inline(never)]
pub fn drawn(markup: AttrValue) -> Html {
    Html::from_html_unchecked(markup)
}
