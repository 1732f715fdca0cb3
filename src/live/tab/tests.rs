use super::*;

const SHELF: &str = "location_id=lyo&sku=a";
const OTHER: &str = "location_id=lyo&sku=b";

/// Tabs of one browser, their lock and channel, and a server that answers each line with a snapshot.
#[derive(Default)]
struct Browser {
    tabs: Vec<Tab>,
    /// Who is killed or stuck hears and does nothing.
    stuck: Vec<bool>,
    queue: Vec<usize>,
    holder: Option<usize>,
    lines: Vec<Option<String>>,
    /// How often lines were opened, and questions asked.
    opened: usize,
    asked: usize,
    /// What the network does with a new line.
    network: Network,
    drawn: u32,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Network {
    #[default]
    Fine,
    /// Nothing of a stream gets through, but questions do.
    Buffers,
    /// A stream begins and then stalls.
    Stalls,
    /// A stream is answered with something else.
    Refuses,
}

impl Browser {
    fn of(tabs: usize, shelves: &str) -> Self {
        let mut browser = Self { drawn: 7, ..Self::default() };
        for _ in 0..tabs {
            browser.open_tab(shelves);
        }
        browser
    }

    fn open_tab(&mut self, shelves: &str) -> usize {
        let tab = self.tabs.len();
        self.tabs.push(Tab::new(format!("tab{tab}")));
        self.stuck.push(false);
        self.lines.push(None);
        self.here(tab);
        self.input(tab, Input::Watch(shelves.to_owned()));
        tab
    }

    fn here(&mut self, tab: usize) {
        self.input(tab, Input::Here);
        self.queue.push(tab);
        self.grant();
    }

    /// The tab is hidden or closed: it says so, and its lock is free.
    fn away(&mut self, tab: usize) {
        self.input(tab, Input::Away);
        self.queue.retain(|&queued| queued != tab);
        self.holder = self.holder.filter(|&holder| holder != tab);
        self.grant();
    }

    /// The tab is killed: its lock is free, but it says nothing.
    fn kill(&mut self, tab: usize) {
        self.stuck[tab] = true;
        self.lines[tab] = None;
        self.queue.retain(|&queued| queued != tab);
        self.holder = self.holder.filter(|&holder| holder != tab);
        self.grant();
    }

    fn grant(&mut self) {
        if self.holder.is_none() && !self.queue.is_empty() {
            let next = self.queue.remove(0);
            self.holder = Some(next);
            self.input(next, Input::Leading);
        }
    }

    fn input(&mut self, tab: usize, input: Input) {
        if self.stuck[tab] {
            return;
        }
        self.drawn = self.drawn.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        self.tabs[tab].step(input, self.drawn >> 8);
        for act in std::mem::take(&mut self.tabs[tab].acts) {
            match act {
                Act::Open(query) => {
                    self.opened += 1;
                    self.lines[tab] = Some(query);
                    match self.network {
                        Network::Fine | Network::Stalls => {
                            self.input(tab, Input::Came { kind: RESET, data: "{}", whole: false });
                            self.input(tab, Input::Came { kind: 0, data: "state", whole: true });
                        }
                        Network::Buffers => {}
                        Network::Refuses => self.input(tab, Input::Lost),
                    }
                }
                Act::Close => self.lines[tab] = None,
                Act::Say(text) => {
                    for other in (0..self.tabs.len()).filter(|&other| other != tab) {
                        // Who is away has left the channel.
                        if self.tabs[other].here {
                            self.input(other, Input::Heard(&text));
                        }
                    }
                }
                Act::Steal => {
                    let robbed = self.holder.replace(tab);
                    self.queue.retain(|&queued| queued != tab);
                    if let Some(robbed) = robbed.filter(|&robbed| robbed != tab) {
                        // What is stuck learns it when it wakes up.
                        self.lines[robbed] = if self.stuck[robbed] { None } else { self.lines[robbed].take() };
                        self.input(robbed, Input::Robbed);
                        self.queue.push(robbed);
                    }
                    self.input(tab, Input::Leading);
                }
                Act::Ask(number) => {
                    self.asked += 1;
                    self.input(tab, Input::Told(number, true));
                }
                Act::Show(..) => {}
            }
        }
    }

    /// So many seconds pass; on a network that lets it through there is a heartbeat each 15.
    fn pass(&mut self, seconds: u32) {
        for tick in 1..=seconds * 1000 / TICK_MS {
            for tab in 0..self.tabs.len() {
                if !self.tabs[tab].here {
                    continue;
                }
                self.input(tab, Input::Tick);
                if tick % ASK_EVERY == 0 && self.lines[tab].is_some() && self.network == Network::Fine {
                    self.input(tab, Input::Came { kind: HEARTBEAT, data: "{}", whole: true });
                }
            }
        }
    }

    fn lines(&self) -> usize {
        self.lines.iter().flatten().count()
    }

    fn sources(&self) -> Vec<Source> {
        let alive = self.tabs.iter().zip(&self.stuck).filter(|(_, stuck)| !**stuck);
        alive.map(|(tab, _)| tab.source()).collect()
    }

    fn all(&self, source: Source) -> bool {
        self.sources().iter().all(|&s| s == source)
    }
}

#[test]
fn d08_eight_tabs_have_one_line_and_all_are_live() {
    let mut browser = Browser::of(8, SHELF);
    assert_eq!((browser.lines(), browser.opened), (1, 1), "who shows the same needs no new line");
    assert!(browser.all(Source::Stream), "{:?}", browser.sources());
    let other = browser.open_tab(OTHER);
    browser.pass(1);
    assert_eq!((browser.lines(), browser.opened), (1, 2));
    assert!(browser.all(Source::Stream));
    let line = browser.lines.iter().flatten().next().unwrap();
    assert!(line.contains("sku=a") && line.contains("sku=b"), "{line}");
    browser.pass(120);
    assert_eq!(browser.opened, 2, "nothing is opened anew while all is well");
    // Tabs that go leave no line behind.
    for tab in 0..=other {
        browser.away(tab);
    }
    assert_eq!(browser.lines(), 0);
}

#[test]
fn d09_a_successor_leads_within_two_seconds_however_the_leader_went() {
    type End = fn(&mut Browser, usize);
    let ends: [(&str, End); 3] = [
        ("hidden or closed", Browser::away),
        ("killed", Browser::kill),
        ("frozen with its lock", |browser, leader| browser.stuck[leader] = true),
    ];
    for (what, end) in ends {
        let mut browser = Browser::of(3, SHELF);
        let leader = browser.holder.unwrap();
        end(&mut browser, leader);
        browser.pass(2);
        let successor = browser.holder.unwrap();
        assert_ne!(successor, leader, "{what}");
        assert_eq!(browser.opened, 2, "{what}");
        for tab in (0..3).filter(|&tab| tab != leader) {
            assert_eq!(browser.tabs[tab].source(), Source::Stream, "{what}: tab {tab}");
        }
    }
}

#[test]
fn d09_a_leader_that_wakes_up_and_was_robbed_follows() {
    let mut browser = Browser::of(2, SHELF);
    let leader = browser.holder.unwrap();
    browser.stuck[leader] = true;
    browser.pass(2);
    browser.stuck[leader] = false;
    browser.input(leader, Input::Robbed);
    browser.pass(2);
    assert_eq!(browser.lines(), 1);
    assert!(browser.lines[leader].is_none());
    assert!(browser.all(Source::Stream), "{:?}", browser.sources());
}

#[test]
fn a_leader_that_others_hear_is_not_robbed() {
    let mut browser = Browser::of(3, SHELF);
    let leader = browser.holder;
    browser.pass(300);
    assert_eq!((browser.holder, browser.opened), (leader, 1));
}

#[test]
fn a_successor_is_not_live_before_it_has_the_truth() {
    let mut browser = Browser::of(2, SHELF);
    browser.network = Network::Buffers;
    let leader = browser.holder.unwrap();
    browser.away(leader);
    let successor = browser.holder.unwrap();
    assert_eq!(browser.tabs[successor].source(), Source::Memory);
    browser.input(successor, Input::Came { kind: RESET, data: "{}", whole: false });
    assert_eq!(browser.tabs[successor].source(), Source::Memory, "a snapshot has only begun");
    browser.input(successor, Input::Came { kind: 0, data: "state", whole: true });
    assert_eq!(browser.tabs[successor].source(), Source::Stream);
}

#[test]
fn who_joins_asks_for_what_it_missed_and_is_live_only_with_the_answer() {
    let mut tab = Tab::new("b".into());
    tab.step(Input::Here, 0);
    tab.step(Input::Watch(SHELF.into()), 0);
    tab.acts.clear();
    tab.step(Input::Heard(&format!("Su\n{SHELF}")), 0);
    let [Act::Ask(number)] = tab.acts[..] else { panic!("{:?}", tab.acts) };
    assert_eq!(tab.source(), Source::Memory);
    tab.step(Input::Heard("E0state"), 0);
    assert_eq!(tab.source(), Source::Memory, "one change is not all of it");
    tab.step(Input::Told(number.wrapping_sub(1), true), 0);
    assert_eq!(tab.source(), Source::Memory, "the answer to an older question");
    tab.step(Input::Told(number, true), 0);
    assert_eq!(tab.source(), Source::Stream);
}

#[test]
fn d06_a_line_without_a_byte_for_40_seconds_is_opened_anew() {
    let mut browser = Browser::of(1, SHELF);
    browser.network = Network::Stalls;
    browser.pass(39);
    assert_eq!((browser.opened, browser.sources()[0]), (1, Source::Stream));
    browser.pass(2);
    assert_eq!(browser.opened, 2);
}

#[test]
fn d07_where_streams_are_held_back_all_tabs_ask_and_the_stream_is_tried_again() {
    for network in [Network::Buffers, Network::Stalls] {
        let mut browser = Browser { network, ..Browser::default() };
        browser.open_tab(SHELF);
        browser.open_tab(SHELF);
        browser.pass(100);
        assert!(browser.all(Source::Questions), "{:?}", browser.sources());
        let (opened, asked) = (browser.opened, browser.asked);
        browser.pass(60);
        assert_eq!(browser.opened, opened);
        assert_eq!(browser.asked, asked + 8, "two tabs, each 15 s");
        // Somebody removes the proxy; a heartbeat proves it.
        browser.network = Network::Fine;
        browser.pass(240);
        assert!(browser.all(Source::Stream), "{:?}", browser.sources());
    }
}

#[test]
fn d07_a_successor_knows_that_streams_are_held_back() {
    let mut browser = Browser { network: Network::Buffers, ..Browser::default() };
    browser.open_tab(SHELF);
    browser.open_tab(SHELF);
    browser.pass(60);
    browser.away(browser.holder.unwrap());
    let (successor, asked) = (browser.holder.unwrap(), browser.asked);
    assert_eq!(browser.tabs[successor].source(), Source::Questions);
    browser.pass(15);
    assert_eq!((browser.tabs[successor].source(), browser.asked), (Source::Questions, asked + 1));
}

#[test]
fn what_does_not_fit_into_one_stream_is_asked_for() {
    let much: String = (0..201).map(|n| format!("sku=s{n}&")).collect::<String>() + "location_id=lyo";
    let mut browser = Browser::of(2, SHELF);
    let large = browser.open_tab(&much);
    browser.pass(1);
    assert_eq!(browser.sources(), [Source::Stream, Source::Stream, Source::Questions]);
    assert_eq!((browser.opened, browser.lines()), (1, 1));
    let asked = browser.asked;
    browser.pass(30);
    assert_eq!(browser.asked, asked + 2);
    browser.away(0);
    browser.away(1);
    browser.pass(1);
    assert_eq!((browser.tabs[large].source(), browser.lines()), (Source::Questions, 0));
}

#[test]
fn d10_who_returns_asks_at_once_and_is_not_live_before() {
    let mut browser = Browser::of(1, SHELF);
    assert_eq!(browser.asked, 0, "a new page asks for what it shows by itself");
    browser.away(0);
    assert_eq!((browser.sources()[0], browser.lines()), (Source::Memory, 0));
    browser.network = Network::Buffers;
    browser.here(0);
    assert_eq!((browser.sources()[0], browser.asked), (Source::Memory, 1));
    browser.input(0, Input::Came { kind: RESET, data: "{}", whole: true });
    assert_eq!(browser.sources()[0], Source::Stream);
}

#[test]
fn d15_refusals_are_met_with_ever_longer_waits_up_to_30_seconds() {
    let mut browser = Browser { network: Network::Refuses, drawn: 7, ..Browser::default() };
    browser.open_tab(SHELF);
    browser.pass(60);
    assert!((4..=20).contains(&browser.opened), "{} tries in the first minute", browser.opened);
    let opened = browser.opened;
    browser.pass(600);
    // 15 s is the mean of what is drawn from 30.
    assert!((20..=80).contains(&(browser.opened - opened)), "{} tries in ten minutes", browser.opened - opened);
    assert!(browser.all(Source::Memory));
    browser.network = Network::Fine;
    browser.pass(31);
    assert!(browser.all(Source::Stream));
}

#[test]
fn d15_waits_are_drawn_anew_and_never_longer_than_30_seconds() {
    let wait = |failures: u32, drawn: u32| {
        let mut tab = Tab { open: true, leads: true, failures, ..Tab::default() };
        tab.step(Input::Lost, drawn);
        tab.open_in
    };
    for failures in 0..40 {
        let waits: Vec<u32> = (0..1000).map(|drawn| wait(failures, drawn)).collect();
        let ceiling = (seconds(1) << failures.min(8)).min(seconds(30));
        assert_eq!(waits.iter().min(), Some(&1));
        assert_eq!(waits.iter().max(), Some(&ceiling), "after {failures} failures");
    }
}

#[test]
fn a_stream_that_ends_at_once_each_time_is_not_opened_in_a_tight_loop() {
    let mut browser = Browser::of(1, SHELF);
    for _ in 0..60 {
        browser.input(0, Input::Lost);
        browser.pass(1);
    }
    assert!(browser.opened < 20, "{} tries in a minute", browser.opened);
}

#[test]
fn d03_after_a_restart_of_the_server_the_first_try_is_soon_and_brings_a_snapshot() {
    let mut browser = Browser::of(2, SHELF);
    browser.pass(20);
    let leader = browser.holder.unwrap();
    browser.input(leader, Input::Lost);
    assert!(browser.all(Source::Memory));
    browser.pass(2);
    assert!(browser.all(Source::Stream), "{:?}", browser.sources());
}

#[test]
fn d04_a_snapshot_is_passed_on_in_one_piece_and_shown_in_order() {
    let mut leader = Tab::new("a".into());
    let mut follower = Tab::new("b".into());
    follower.step(Input::Here, 0);
    follower.step(Input::Watch(SHELF.into()), 0);
    leader.step(Input::Here, 0);
    leader.step(Input::Watch(SHELF.into()), 0);
    leader.step(Input::Leading, 0);
    for (kind, data, whole) in [(RESET, "{}", false), (0, "one", false), (0, "two", false), (0, "three", true)] {
        leader.step(Input::Came { kind, data, whole }, 0);
    }
    let said: Vec<String> =
        leader.acts.drain(..).filter_map(|act| if let Act::Say(text) = act { Some(text) } else { None }).collect();
    assert_eq!(said.iter().filter(|text| text.contains("one") || text.contains("three")).count(), 1, "{said:?}");
    follower.acts.clear();
    for text in &said {
        follower.step(Input::Heard(text), 0);
    }
    let shown: Vec<String> = follower
        .acts
        .drain(..)
        .filter_map(|act| if let Act::Show(_, data) = act { Some(data) } else { None })
        .collect();
    assert_eq!(shown, ["{}", "one", "two", "three"]);
    assert_eq!(follower.source(), Source::Stream);
}

#[test]
fn who_takes_the_lead_by_force_again_and_again_becomes_patient() {
    let mut tab = Tab::new("a".into());
    tab.step(Input::Here, 0);
    tab.step(Input::Watch(SHELF.into()), 0);
    let mut steals = 0;
    for _ in 0..seconds(60) {
        tab.acts.clear();
        tab.step(Input::Tick, 0);
        steals += tab.acts.iter().filter(|act| **act == Act::Steal).count();
    }
    assert!((3..=8).contains(&steals), "{steals} in a minute without anybody");
}

#[test]
fn words_of_a_stranger_are_nothing() {
    for text in ["", "W", "Wname", "S", "S\n", "E", "E9", "E\u{e9}", "\u{e9}", "P", "Xyz", "N", "?"] {
        for leads in [false, true] {
            let mut tab = Tab::new("a".into());
            tab.step(Input::Here, 0);
            if leads {
                tab.step(Input::Leading, 0);
            }
            tab.step(Input::Heard(text), 0);
            assert_eq!(tab.source(), Source::Memory, "{text:?}");
        }
    }
}
