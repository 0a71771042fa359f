//! The stage: draws a [`Scene`] and sends what its buttons ask for.

use crate::playground::Msg;
use crate::shop::Name;
use crate::time::SimTime;
use crate::view::scene::{Scene, Shape};
use crate::view::{Shared, Show};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub show: Shared<Show>,
    /// The shoppers on the stage.
    pub stage: Shared<Vec<Name>>,
    pub now: SimTime,
    pub shape: Shape,
    /// What the ids inside the picture begin with.
    pub id: AttrValue,
    /// Whether its buttons work.
    pub live: bool,
    /// A first visit: the obvious first control wears a halo while the run is empty.
    pub hint: bool,
    pub dispatch: Callback<Msg>,
}

#[component]
pub fn Stage(props: &Props) -> Html {
    let scene = Scene::at(&props.show, &props.stage, props.now, props.shape);
    html! {
        <svg class="stage" viewBox={format!("0 0 {} {}", scene.width, scene.height)}></svg>
    }
}
