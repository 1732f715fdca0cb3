//! Signals that live as long as the app, read by screens that do not.
//!
//! reactive_graph keeps a reader that is gone in the list of those who follow a signal, until the signal itself goes. For what
//! lives as long as the app that is a list which grows with each screen. A [`Lasting`] signal is let go of by its reader.

use std::panic::Location;

use leptos::prelude::*;
use leptos::reactive::computed::ArcMemo;
use leptos::reactive::graph::{AnySource, Observer, Source, ToAnySource};

/// A signal or memo of the app. It is used as what it holds is.
#[derive(Debug, Clone, Copy)]
pub struct Lasting<S>(S);

impl<S> Lasting<S> {
    /// Of a signal that is never disposed of before its readers are.
    #[must_use]
    pub fn new(signal: S) -> Self {
        Self(signal)
    }
}

/// A new one that holds a value.
#[must_use]
pub fn lasting<T: Send + Sync + 'static>(value: T) -> Lasting<RwSignal<T>> {
    Lasting(RwSignal::new(value))
}

/// What can be followed and let go of again.
pub trait Followed: Track {
    /// The end of it that knows its readers.
    fn source(&self) -> AnySource;
}

impl<T: Send + Sync + 'static> Followed for RwSignal<T> {
    fn source(&self) -> AnySource {
        self.to_any_source()
    }
}

impl<T: Send + Sync + 'static> Followed for ReadSignal<T> {
    fn source(&self) -> AnySource {
        self.to_any_source()
    }
}

impl<T: Send + Sync + 'static> Followed for Memo<T> {
    fn source(&self) -> AnySource {
        ArcMemo::from(*self).to_any_source()
    }
}

impl<T: Send + Sync + 'static> Followed for ArcRwSignal<T> {
    fn source(&self) -> AnySource {
        self.to_any_source()
    }
}

/// Takes the reader that runs now out of a list of readers once it runs anew or is gone.
fn let_go(source: AnySource) {
    if let Some(reader) = Observer::get() {
        on_cleanup(move || source.remove_subscriber(&reader));
    }
}

impl<S> DefinedAt for Lasting<S> {
    fn defined_at(&self) -> Option<&'static Location<'static>> {
        None
    }
}

impl<S: IsDisposed> IsDisposed for Lasting<S> {
    fn is_disposed(&self) -> bool {
        self.0.is_disposed()
    }
}

impl<S: Followed> Track for Lasting<S> {
    fn track(&self) {
        self.0.track();
        let_go(self.0.source());
    }
}

impl<S: ReadUntracked> ReadUntracked for Lasting<S> {
    type Value = S::Value;

    fn try_read_untracked(&self) -> Option<Self::Value> {
        self.0.try_read_untracked()
    }
}

impl<S: Notify> Notify for Lasting<S> {
    fn notify(&self) {
        self.0.notify();
    }
}

impl<S: Write> Write for Lasting<S> {
    type Value = S::Value;

    fn try_write(&self) -> Option<impl UntrackableGuard<Target = Self::Value>> {
        self.0.try_write()
    }

    fn try_write_untracked(&self) -> Option<impl std::ops::DerefMut<Target = Self::Value>> {
        self.0.try_write_untracked()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Weak};

    use leptos::reactive::graph::{AnySubscriber, ReactiveNode, Subscriber, WithObserver};

    use super::*;

    /// A reader of whom the lists of readers hold a weak pointer each.
    struct Reader;

    impl ReactiveNode for Reader {
        fn mark_dirty(&self) {}
        fn mark_check(&self) {}
        fn mark_subscribers_check(&self) {}
        fn update_if_necessary(&self) -> bool {
            false
        }
    }

    impl Subscriber for Reader {
        fn add_source(&self, _: AnySource) {}
        fn clear_sources(&self, _: &AnySubscriber) {}
    }

    /// In how many lists a reader still is whose screen is gone.
    fn left_behind(read: impl FnOnce()) -> usize {
        let reader = Arc::new(Reader);
        let pointer: Weak<dyn Subscriber + Send + Sync> = Arc::downgrade(&(Arc::clone(&reader) as Arc<_>));
        let screen = Owner::new();
        let subscriber = AnySubscriber(Arc::as_ptr(&reader) as usize, pointer);
        screen.with(|| subscriber.with_observer(read));
        drop(subscriber);
        drop(screen);
        Arc::weak_count(&reader)
    }

    #[test]
    fn a_reader_that_is_gone_is_in_no_list() {
        let app = Owner::new();
        app.with(|| {
            let signal = RwSignal::new(1);
            let memo = Memo::new(move |_| signal.get() + 1);
            assert_eq!(left_behind(|| _ = signal.get()), 1, "the framework lets go by itself: this module can go");
            assert_eq!(left_behind(|| _ = Lasting::new(signal).get()), 0);
            assert_eq!(left_behind(|| Lasting::new(memo).with(|_| ())), 0);
            assert_eq!(left_behind(|| Lasting::new(signal.read_only()).track()), 0);
        });
    }

    #[test]
    fn it_is_read_and_written_as_what_it_holds() {
        Owner::new().with(|| {
            let lasting = lasting(1);
            lasting.set(2);
            lasting.update(|n| *n += 1);
            assert_eq!(lasting.get_untracked(), 3);
        });
    }
}
