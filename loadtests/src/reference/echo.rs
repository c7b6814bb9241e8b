//! Round trips of one byte over loopback, between two threads.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;

/// Rounds, each with a new connection and new threads; the best one counts.
const ROUNDS: usize = 20;
/// Length of a round.
const ROUND: Duration = Duration::from_millis(25);
/// Round trips between readings of the clock.
const TRIPS: u32 = 50;
/// Time limit for a round trip, far above that of any usable machine.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Round trips per second.
///
/// Both threads are pinned to one processor, a different one in each round. Left to the scheduler,
/// they sometimes share a processor and sometimes wake another for every byte, a difference of two
/// fifths that has nothing to do with the machine's speed.
pub(super) fn echoes_per_second() -> io::Result<f64> {
    let processors = processors()?;
    let mut best = 0.0_f64;
    for processor in processors.into_iter().cycle().take(ROUNDS) {
        best = best.max(round(processor)?);
    }
    Ok(best)
}

/// The processors that this process may use.
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
        socket.set_read_timeout(Some(TIMEOUT))?;
    }
    thread::scope(|scope| {
        // The caller's thread must not be pinned. Each thread closes its socket at its end, which
        // ends the other thread.
        let echo_thread =
            thread::Builder::new().spawn_scoped(scope, move || echo(server, processor))?;
        let client_thread =
            thread::Builder::new().spawn_scoped(scope, move || send(client, processor))?;
        let panicked = |_| io::Error::other("a thread of the reference echo panicked");
        let rate = client_thread.join().map_err(panicked)?;
        echo_thread.join().map_err(panicked)??;
        rate
    })
}

/// Pins this thread to one processor.
fn pin_to(processor: usize) -> io::Result<()> {
    let mut only = CpuSet::new();
    only.set(processor)?;
    Ok(sched_setaffinity(Pid::from_raw(0), &only)?)
}

fn send(mut socket: TcpStream, processor: usize) -> io::Result<f64> {
    pin_to(processor)?;
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
    pin_to(processor)?;
    let mut byte = [0];
    while socket.read(&mut byte)? == 1 {
        socket.write_all(&byte)?;
    }
    Ok(())
}
