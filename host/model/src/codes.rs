//! Lists of stable codes, as people meet them: each code with its text, what it belongs to, a sentence and a next step.

/// Makes the enum of a list, and what there is to know of each code in it.
macro_rules! codes {
    (
        $(#[$doc:meta])* $code:ident, $(#[$of_doc:meta])* $of:ident: $belongs:ident;
        $($name:ident = $text:literal, $to:ident, $sentence:literal, $next:literal;)*
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $code {
            $(#[doc = $sentence] #[serde(rename = $text)] $name,)*
        }

        impl $code {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable text.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            $(#[$of_doc])*
            pub const fn $of(self) -> $belongs {
                match self { $(Self::$name => $belongs::$to,)* }
            }

            /// What it means, for the person who meets it.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)* }
            }

            /// What that person can do.
            pub const fn next_step(self) -> &'static str {
                match self { $(Self::$name => $next,)* }
            }
        }
    };
}

pub(crate) use codes;
