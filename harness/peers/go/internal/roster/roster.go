// Package roster holds the workers that artifacts are checked against.
package roster

import (
	"strings"

	"lakehouse.invalid/peer/internal/calendar"
	"lakehouse.invalid/peer/internal/contact"
	"lakehouse.invalid/peer/internal/names"
	"lakehouse.invalid/peer/internal/text"
)

// Worker is one line of the roster.
type Worker struct {
	ID, Name, City, State, Phone, Email string
	Roles, ExcludedClients              []string
	Active                              bool
	Bookings                            []Booking
}

// Booking is a shift that a worker already has.
type Booking struct {
	Date, Start, End string
	Shift            calendar.Shift
}

// Roster has the workers in the file's order, and indexes of them. It is
// immutable.
type Roster struct {
	workers []*Worker
	byID    map[string]*Worker
	// The workers that share a datum, in the roster's order, by the key that
	// texts are searched for.
	byMailbox, byNumber, byFoldedID, byName map[string][]*Worker
	// domains are those of the mailboxes.
	domains map[string]bool
}

// Empty returns a roster without workers.
func Empty() *Roster { return index(nil) }

func index(workers []*Worker) *Roster {
	r := &Roster{
		workers:    workers,
		byID:       make(map[string]*Worker, len(workers)),
		byMailbox:  make(map[string][]*Worker, len(workers)),
		byNumber:   make(map[string][]*Worker, len(workers)),
		byFoldedID: make(map[string][]*Worker, len(workers)),
		byName:     make(map[string][]*Worker, len(workers)),
		domains:    map[string]bool{},
	}
	for _, w := range workers {
		r.byID[w.ID] = w
		add(r.byFoldedID, text.Fold(w.ID), w)
		if contact.IsEmail(w.Email) {
			mailbox := contact.Mailbox(text.Fold(w.Email))
			add(r.byMailbox, mailbox, w)
			r.domains[mailbox[strings.LastIndexByte(mailbox, '@')+1:]] = true
		}
		if number, ok := contact.ListedNumber(w.Phone); ok {
			add(r.byNumber, number, w)
		}
		for _, key := range names.Keys(w.Name) {
			add(r.byName, key, w)
		}
	}
	return r
}

// add adds a worker once for each key.
func add(m map[string][]*Worker, key string, w *Worker) {
	if known := m[key]; len(known) == 0 || known[len(known)-1] != w {
		m[key] = append(known, w)
	}
}

// Len returns the number of workers.
func (r *Roster) Len() int { return len(r.workers) }

// Worker returns the worker with exactly that id, or nil.
func (r *Roster) Worker(id string) *Worker { return r.byID[id] }

// WithMailbox returns the workers whose email address leads to a mailbox.
func (r *Roster) WithMailbox(mailbox string) []*Worker { return r.byMailbox[mailbox] }

// HasDomain reports whether a worker has a mailbox in a domain.
func (r *Roster) HasDomain(domain string) bool { return r.domains[domain] }

// WithNumber returns the workers with a phone number, as contact.Number returns
// it.
func (r *Roster) WithNumber(number string) []*Worker { return r.byNumber[number] }

// WithFoldedID returns the workers whose folded id is this one.
func (r *Roster) WithFoldedID(id string) []*Worker { return r.byFoldedID[id] }

// WithName returns the workers with a key of their name, as names.Search finds
// them.
func (r *Roster) WithName(key string) []*Worker { return r.byName[key] }
