//! One set of icons, one stroke width.

use leptos::prelude::*;

/// A sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say what is drawn
pub enum Icon {
    Search,
    Pin,
    Ticket,
    Chevron,
    Back,
    Close,
    Locate,
    Directions,
    Phone,
    Check,
    Share,
    Box,
    Cloud,
    Plus,
    Minus,
    Basket,
    Menu,
    Barcode,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Icon::Search => "M11 4a7 7 0 1 0 0 14a7 7 0 0 0 0-14ZM20.5 20.5l-4.6-4.6",
            Icon::Pin => {
                "M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.5C5 14.8 12 21 12 21ZM12 7a2.6 2.6 0 1 0 0 5.2a2.6 2.6 0 0 0 0-5.2Z"
            }
            Icon::Ticket => "M4 6.5h16v4a1.7 1.7 0 0 0 0 3.4v4H4v-4a1.7 1.7 0 0 0 0-3.4ZM14 7v1.5M14 11v2M14 15.5V17",
            Icon::Chevron => "M6 9l6 6l6-6",
            Icon::Back => "M14.5 5l-7 7l7 7",
            Icon::Close => "M6 6l12 12M18 6L6 18",
            Icon::Locate => {
                "M12 5.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13ZM12 2.5v3M12 18.5v3M2.5 12h3M18.5 12h3M12 10.5a1.5 1.5 0 1 0 0 3a1.5 1.5 0 0 0 0-3Z"
            }
            Icon::Directions => "M12 3l9 9l-9 9l-9-9ZM9 14.5V12a1 1 0 0 1 1-1h4.5M12.7 8.8L15 11l-2.3 2.2",
            Icon::Phone => {
                "M6.5 3.5h3l1.5 4.2l-2 1.7a12 12 0 0 0 5.6 5.6l1.7-2l4.2 1.5v3a2 2 0 0 1-2.2 2A16 16 0 0 1 4.5 5.7a2 2 0 0 1 2-2.2Z"
            }
            Icon::Check => "M5 12.5l4.5 4.5L19 7.5",
            Icon::Share => "M12 15V4M8 7.5L12 3.5l4 4M5 12.5V19h14v-6.5",
            Icon::Box => "M4 8l8-4l8 4v8l-8 4l-8-4ZM4 8l8 4l8-4M12 12v8",
            Icon::Plus => "M12 5v14M5 12h14",
            Icon::Basket => "M4 9h16l-1.6 10H5.6ZM8 9l3-5M16 9l-3-5",
            Icon::Menu => "M4 7h16M4 12h16M4 17h16",
            Icon::Barcode => "M4 6v12M7 6v12M10.5 6v12M13 6v12M16.5 6v12M20 6v12",
            Icon::Minus => "M5 12h14",
            Icon::Cloud => "M7 18a4.5 4.5 0 0 1-.6-8.950A6 6 0 0 1 18 10.5A3.8 3.8 0 0 1 17.5 18ZM4 4l16 17",
        }
    }
}

/// Draws a sign; it repeats what the words beside it say, so it is hidden from screen readers.
#[component]
pub fn Sign(
    /// What is drawn.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=icon.path() />
        </svg>
    }
}
