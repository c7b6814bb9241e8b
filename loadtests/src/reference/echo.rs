//! One byte there and back over loopback, between two threads.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;

/// Rounds, each with a connection and threads of its own, of which the best counts.
const ROUNDS: usize = 20;
/// How long each is.
const ROUND: Duration = Duration::from_millis(25);
/// Round trips between two looks at the clock.
const TRIPS: u32 = 50;
/// Longer than any round trip of a machine that can be measured on.
const PATIENCE: Duration = Duration::from_secs(5);

/// Round trips a second.
///
/// Both threads share one processor, the next one in each round: whether the scheduler lets them
/// share one or wakes another for every byte makes a difference of two fifths from round to
/// round, and says nothing of the machine's speed.
pub(super) fn echoes_per_second() -> io::Result<f64> {
    let processors = processors()?;
    let mut best = 0.0_f64;
    for processor in processors.into_iter().cycle().take(ROUNDS) {
        best = best.max(round(processor)?);
    }
    Ok(best)
}

/// Those that this process may use.
fn processors() -> io::Result<Vec<usize>> {
    let allowed = sched_getaffinity(Pid::from_raw(0))?;
    let all = 0..CpuSet::count();
    Ok(all.filter(|one| allowed.is_set(*one) == Ok(true)).collect())
}

fn round(processor: usize) -> io::Result<f64> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let client = TcpStream::connect(listener.local_addr()?)?;
    let (server, _) = listener.accept()?;
    for socket in [&client, &server] {
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(PATIENCE))?;
    }
    thread::scope(|scope| {
        // Both in threads of their own: the caller's may go on wherever it likes. A socket is
        // closed at the end of its thread, which ends the other one.
        let echo = thread::Builder::new().spawn_scoped(scope, move || echo(server, processor))?;
        let ask = thread::Builder::new().spawn_scoped(scope, move || ask(client, processor))?;
        let early = |_| io::Error::other("a thread of the reference echo ended early");
        let rate = ask.join().map_err(early)?;
        echo.join().map_err(early)??;
        rate
    })
}

/// Lets this thread run on one processor alone.
fn stay_on(processor: usize) -> io::Result<()> {
    let mut only = CpuSet::new();
    only.set(processor)?;
    Ok(sched_setaffinity(Pid::from_raw(0), &only)?)
}

fn ask(mut socket: TcpStream, processor: usize) -> io::Result<f64> {
    stay_on(processor)?;
    let mut byte = [0];
    let began = Instant::now();
    let mut trips = 0;
    loop {
        for _ in 0..TRIPS {
            socket.write_all(&[1])?;
            socket.read_exact(&mut byte)?;
        }
        trips += TRIPS;
        let took = began.elapsed();
        if took >= ROUND {
            return Ok(f64::from(trips) / took.as_secs_f64());
        }
    }
}

fn echo(mut socket: TcpStream, processor: usize) -> io::Result<()> {
    stay_on(processor)?;
    let mut byte = [0];
    while socket.read(&mut byte)? == 1 {
        socket.write_all(&byte)?;
    }
    Ok(())
}
