//! The tab's end of the one stream: carries out what `tab` decides.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use api_contract::availability::{AvailabilityEvent, Heartbeat};
use api_contract::{json, paths};
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;

use super::news::{Due, Gatherer, MOMENT_MS, News};
use super::tab::{Act, Input, NAMES, Source, TICK_MS, Tab};
use super::{Live, Watched};
use crate::api;
use crate::browser::channel::Channel;
use crate::browser::clock::device_now;
use crate::browser::event_source::{Line, LineEvent};
use crate::browser::locks::{Claim, claim};
use crate::browser::{boot, presence, random};

/// The lock and the channel; another number where tabs of an older app would not understand us.
const NAME: &str = "nearshelf/stream/1";
/// A tick that comes so much too late: the device slept, and nothing from before is known to hold.
const SLEPT_MS: i64 = 10_000;

/// The stream of this tab, shared by its screens.
#[derive(Clone)]
pub struct Stream(SendWrapper<Rc<Inner>>);

struct Inner {
    tab: RefCell<Tab>,
    screens: RefCell<Vec<(Live, Watched)>>,
    news: RefCell<Gatherer>,
    source: Cell<Source>,
    // While somebody is here.
    means: RefCell<Option<Means>>,
}

/// What a tab holds of the platform; dropping it lets go of all.
struct Means {
    channel: Option<Channel>,
    claim: Option<Claim>,
    line: Option<Line>,
    ticks: Option<IntervalHandle>,
    ticked: Timestamp,
}

impl Drop for Means {
    fn drop(&mut self) {
        if let Some(ticks) = self.ticks.take() {
            ticks.clear();
        }
    }
}

impl Stream {
    /// Takes part from now on, while somebody looks.
    #[must_use]
    pub fn start() -> Self {
        let inner = Rc::new(Inner {
            tab: RefCell::new(Tab::new(random::key())),
            screens: RefCell::default(),
            news: RefCell::default(),
            source: Cell::new(Source::Memory),
            means: RefCell::default(),
        });
        if boot::is_safe() {
            return Self(SendWrapper::new(inner));
        }
        inner.presence(presence::is_here());
        let following = Rc::clone(&inner);
        presence::follow(move |here| following.presence(here));
        Self(SendWrapper::new(inner))
    }

    /// A screen shows these shelves now; none when it is gone.
    pub(super) fn watch(&self, live: Live, watched: Watched) {
        let query = {
            let mut screens = self.0.screens.borrow_mut();
            screens.retain(|(other, _)| other.source != live.source);
            if !watched.locations.is_empty() && !watched.skus.is_empty() {
                screens.push((live, watched));
            }
            let paths = screens.iter().map(|(_, w)| paths::availability_events(&w.locations, &w.skus));
            paths.filter_map(|path| Some(path.split_once('?')?.1.to_owned())).collect::<Vec<_>>().join("&")
        };
        self.0.step(Input::Watch(query));
    }
}

impl Inner {
    fn presence(self: &Rc<Self>, here: bool) {
        if here == self.means.borrow().is_some() {
            return;
        }
        if !here {
            self.step(Input::Away);
            self.means.take();
            return;
        }
        let (hearing, ticking) = (Rc::clone(self), Rc::clone(self));
        let ticks = set_interval_with_handle(move || ticking.tick(), Duration::from_millis(u64::from(TICK_MS)));
        *self.means.borrow_mut() = Some(Means {
            channel: Channel::join(NAME, move |text| hearing.step(Input::Heard(text))),
            claim: None,
            line: None,
            ticks: ticks.ok(),
            ticked: device_now(),
        });
        self.step(Input::Here);
        self.claim(false);
    }

    /// Queues for the lead.
    fn claim(self: &Rc<Self>, steal: bool) {
        let this = Rc::clone(self);
        let told = move |ours: bool| {
            let led = this.tab.borrow().leads();
            if ours {
                this.step(Input::Leading);
            } else if led {
                this.step(Input::Robbed);
                this.claim(false);
            } else {
                // The lock is refused here, as in a sandboxed frame.
                this.lead_alone();
            }
        };
        let channel = self.means.borrow().as_ref().is_some_and(|means| means.channel.is_some());
        match channel.then(|| claim(NAME, steal, told)).flatten() {
            Some(claim) => self.with_means(|means| means.claim = Some(claim)),
            None => self.lead_alone(),
        }
    }

    /// Where tabs cannot take turns, each leads itself, and tells the others nothing.
    fn lead_alone(self: &Rc<Self>) {
        self.with_means(|means| means.channel = None);
        self.step(Input::Leading);
    }

    fn with_means(&self, change: impl FnOnce(&mut Means)) {
        if let Some(means) = self.means.borrow_mut().as_mut() {
            change(means);
        }
    }

    fn tick(self: &Rc<Self>) {
        let now = device_now();
        let mut slept = false;
        self.with_means(|means| slept = now.since(std::mem::replace(&mut means.ticked, now)) > SLEPT_MS);
        if slept {
            self.presence(false);
            self.presence(presence::is_here());
        } else {
            self.step(Input::Tick);
        }
    }

    fn step(self: &Rc<Self>, input: Input) {
        let acts = {
            let mut tab = self.tab.borrow_mut();
            tab.step(input, random::draw());
            std::mem::take(&mut tab.acts)
        };
        for act in acts {
            match act {
                Act::Open(query) => {
                    let line = self.open(&query);
                    self.with_means(|means| means.line = line);
                }
                Act::Close => self.with_means(|means| means.line = None),
                Act::Say(text) => self.with_means(|means| {
                    if let Some(channel) = &means.channel {
                        channel.say(&text);
                    }
                }),
                Act::Steal => self.claim(true),
                Act::Ask(number) => self.ask(number),
                Act::Show(kind, data) => self.show(kind, &data),
            }
        }
        let source = self.tab.borrow().source();
        if self.source.replace(source) != source {
            // "live" never stands beside a number that what made it live has overtaken.
            self.tell_what_waits();
        }
        for (live, _) in self.screens.borrow().iter() {
            live.comes_from(source);
        }
    }

    fn open(self: &Rc<Self>, query: &str) -> Option<Line> {
        let this = Rc::clone(self);
        let url = api::url(&format!("{}?{query}", paths::AVAILABILITY_EVENTS));
        Line::open(&url, &NAMES, move |event| match event {
            LineEvent::Lost => this.step(Input::Lost),
            LineEvent::Message { kind, data, id } => {
                // Until the last event of a snapshot the position is 0.
                this.step(Input::Came { kind, data: &data, whole: !id.ends_with("-0") });
            }
        })
    }

    fn show(self: &Rc<Self>, kind: u8, data: &str) {
        let event = if kind == 0 { json::read::<AvailabilityEvent>(data).ok() } else { None };
        let as_of = match &event {
            Some(event) => event.as_of,
            None => match json::read::<Heartbeat>(data) {
                Ok(beat) => beat.as_of,
                Err(_) => return,
            },
        };
        let due = self.news.borrow_mut().came(device_now(), as_of, event);
        match due {
            Due::Now(news) => self.tell(&news),
            Due::Later => {
                let this = Rc::clone(self);
                set_timeout(move || this.tell_what_waits(), Duration::from_millis(u64::from(MOMENT_MS)));
            }
            Due::Awaited => {}
        }
    }

    fn tell_what_waits(&self) {
        let news = self.news.borrow_mut().due(device_now());
        news.iter().for_each(|news| self.tell(news));
    }

    /// An event is for the screens that show its shelf; a sign of life for all.
    fn tell(&self, news: &News) {
        for (live, watched) in self.screens.borrow().iter() {
            live.heard(news, watched);
        }
    }

    fn ask(self: &Rc<Self>, number: u32) {
        let this = Rc::clone(self);
        let screens = self.screens.borrow().clone();
        spawn_local(async move {
            let mut answered = true;
            for (live, watched) in screens {
                match api::stock(&watched.skus, &watched.locations).await {
                    Ok(answer) => live.answered(&answer),
                    Err(_) => answered = false,
                }
            }
            this.step(Input::Told(number, answered));
        });
    }
}
