//! A destination at which everything goes wrong that can, under the real binary and the real connector.

use std::time::Duration;

use weighbridge_outage::Chance;

use crate::balance::{self, Sums};
use crate::kill::drain;
use crate::pace::{Pace, Reached};
use crate::platform::{Fault, Platform, Poison, Refusing};
use crate::site::{Around, Site, TRANSFERS, told};

const UNTESTED: &[&str] = &[
    "A destination that forgets its keys, or that answers a repeated key with the failure that it answered first.",
    "An answer that comes after the call's deadline: the campaign `stop` lets calls run out.",
    "Requests of more than one batch's records, and batches of more than one request.",
];

/// What goes wrong in one round.
#[derive(Clone, Debug)]
struct Mix {
    faults: Vec<Fault>,
    /// So many of a hundred writes meet one.
    share: u64,
    poison: Poison,
    refusing: Refusing,
    /// So many hosts are killed, one after the other.
    lives: u64,
}

impl Mix {
    fn of(seed: u64) -> (Self, Chance) {
        let mut chance = Chance::seeded(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let faults: Vec<Fault> = (0..=chance.below(4)).map(|_| *chance.pick(&Fault::ALL)).collect();
        let poison = match chance.below(4) {
            0 => Poison::EveryPlace,
            1 => Poison::Share(1 + chance.below(30)),
            2 if chance.percent(20) => Poison::All,
            _ => Poison::None,
        };
        let refusing = match *chance.pick(&Refusing::ALL) {
            // To send each of all records alone takes long, and shows no more.
            Refusing::Whole if poison == Poison::All => Refusing::Named,
            // What was rejected is nowhere where the answer that says so is another one.
            Refusing::Apart if faults.contains(&Fault::WrongEcho) => Refusing::Named,
            refusing => refusing,
        };
        (Self { faults, share: 10 + chance.below(50), poison, refusing, lives: 1 + chance.below(4) }, chance)
    }
}

/// Goes from mix to mix until the pace says it is enough.
pub fn run(pace: &Pace) -> Result<Reached, String> {
    let platform = Platform::start(TRANSFERS)?;
    let site = Site::settled(&platform)?;
    let (pace, mut rounds, mut met, mut sums) = (pace.anew(), 0, 0, Sums::default());
    while pace.goes_on(rounds) {
        let seed = pace.first.wrapping_add(rounds);
        let (mix, chance) = Mix::of(seed);
        let (faults, came) = round(&site, &platform, &mix, chance).map_err(|error| {
            let repeat = "cargo build -p weighbridge-cli && cargo run -p weighbridge-campaign --";
            format!("seed {seed}, {mix:?}: {error}\nto repeat it: {repeat} faults --count 1 --seed {seed}")
        })?;
        (met, rounds) = (met + faults, rounds + 1);
        sums += came;
    }
    Ok(Reached {
        count: rounds,
        lines: vec![
            (rounds, "mixes of faults"),
            (met, "faults met"),
            (sums.runs, "runs"),
            (sums.tried_again, "runs of more than one attempt"),
            (sums.batches, "batches billed"),
            (sums.records, "records taken by the sink"),
            (sums.rejected, "records rejected and kept"),
            (sums.repeated, "requests that came again under their key"),
        ],
        with: vec![
            "429, 500, reset in mid-body, answer lost, answer cut, taken and 500, slow answer, answer twice, wrong echo; \
             poisoned records at every place of a batch, or a share, or all, refused with all others and not named, or named, or apart; \
             a sink that answers a repeated key as before; after up to three seconds `kill -9`, up to four times in a mix."
                .into(),
            "Compared whenever a host was killed, and at the end of all that was begun.".into(),
        ],
        untested: UNTESTED,
    })
}

/// So long all lives of a mix together last at least, and at most so much longer.
const LIVES: [u64; 2] = [1_500, 1_500];

/// Some seconds of one mix, the end of all that was begun, and the comparison: how many faults were met, and what moved.
fn round(like: &Site, platform: &Platform, mix: &Mix, mut chance: Chance) -> Result<(u64, Sums), String> {
    let site = like.like()?;
    platform.forget(chance.below(1 << 30));
    {
        let mut state = platform.state();
        state.faults = (mix.share, mix.faults.clone());
        (state.poison, state.refusing, state.slow_ms) = (mix.poison, mix.refusing, 20);
    }
    for _ in 0..mix.lives {
        // A life that is longer finds its connections at rest, since they failed again and again.
        live(&site, platform, (LIVES[0] + chance.below(LIVES[1])) / mix.lives)?;
    }
    drain(&site, platform)?;
    let sums = balance::compare(&site, platform)?;
    Ok((platform.state().met, sums))
}

/// One host, looked at when it was killed. One that stands still in a commit lets nobody read its store.
fn live(site: &Site, platform: &Platform, life_ms: u64) -> Result<(), String> {
    let mut host = site.serve(&Around::Nothing)?;
    host.ready().ok_or("a host does not begin")?;
    std::thread::sleep(Duration::from_millis(life_ms));
    host.kill().map_err(told)?;
    balance::covered(site, platform)
}

#[cfg(test)]
mod tests {
    use std::sync::{LazyLock, Mutex, PoisonError};

    use super::{Mix, round};
    use crate::balance::Sums;
    use crate::platform::{Fault, Platform, Poison, Refusing};
    use crate::site::{Site, TRANSFERS};
    use weighbridge_outage::Chance;

    static PLACE: LazyLock<Mutex<Result<(Platform, Site), String>>> = LazyLock::new(|| Mutex::new(place()));

    fn place() -> Result<(Platform, Site), String> {
        let platform = Platform::start(TRANSFERS)?;
        let site = Site::settled(&platform)?;
        Ok((platform, site))
    }

    #[track_caller]
    fn check(faults: &[Fault], poison: Poison) -> Sums {
        check_refusing(faults, poison, Refusing::Whole)
    }

    #[track_caller]
    fn check_refusing(faults: &[Fault], poison: Poison, refusing: Refusing) -> Sums {
        let place = PLACE.lock().unwrap_or_else(PoisonError::into_inner);
        let mix = Mix { faults: faults.to_vec(), share: 40, poison, refusing, lives: 1 };
        let went = match &*place {
            Ok((platform, site)) => round(site, platform, &mix, Chance::seeded(1)),
            Err(error) => panic!("{error}"),
        };
        let (met, sums) = went.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(met == 0, faults.is_empty(), "{met} faults were met");
        sums
    }

    #[test]
    fn a_destination_that_asks_for_patience_gets_everything_once() {
        check(&[Fault::TooMany], Poison::None);
    }

    #[test]
    fn a_destination_that_fails_gets_everything_once() {
        check(&[Fault::Broken], Poison::None);
    }

    #[test]
    fn a_request_that_is_reset_in_its_middle_comes_again() {
        check(&[Fault::ResetInBody], Poison::None);
    }

    #[test]
    fn what_was_taken_without_an_answer_is_billed_once() {
        let sums = check(&[Fault::AnswerLost, Fault::AnswerCut], Poison::None);
        assert!(sums.repeated > 0, "the keys came again");
    }

    #[test]
    fn what_was_taken_and_answered_with_a_failure_is_billed_once() {
        let sums = check(&[Fault::TakenAndBroken], Poison::None);
        assert!(sums.repeated > 0, "the keys came again");
    }

    #[test]
    fn a_slow_answer_is_waited_for() {
        check(&[Fault::Slow], Poison::None);
    }

    #[test]
    fn an_answer_that_comes_twice_is_no_answer_to_the_next_request() {
        check(&[Fault::AnsweredTwice], Poison::None);
    }

    #[test]
    fn an_answer_that_speaks_of_other_records_changes_no_count() {
        let sums = check(&[Fault::WrongEcho], Poison::None);
        assert_eq!(sums.rejected, 0);
    }

    #[test]
    fn a_poisoned_record_is_kept_at_every_place_of_a_batch_and_the_others_move() {
        let sums = check(&[], Poison::EveryPlace);
        assert!(sums.rejected >= 20, "{sums:?}");
    }

    #[test]
    fn a_poisoned_record_that_is_named_is_kept_whether_the_others_were_taken_or_not() {
        for refusing in [Refusing::Named, Refusing::Apart] {
            let sums = check_refusing(&[], Poison::EveryPlace, refusing);
            assert!(sums.rejected >= 20, "{refusing:?}: {sums:?}");
        }
    }

    #[test]
    fn where_all_records_are_poisoned_nothing_is_billed() {
        let sums = check_refusing(&[], Poison::All, Refusing::Named);
        assert_eq!((sums.records, sums.batches), (0, 0));
        assert!(sums.rejected > 0, "{sums:?}");
    }

    #[test]
    fn a_poisoned_record_whose_answer_is_lost_is_kept_once() {
        check(&[Fault::AnswerLost, Fault::Broken], Poison::EveryPlace);
    }
}
