// Package roster holds the workers that artifacts are checked against.
package roster

import (
	"strings"

	"lakehouse.invalid/peer/internal/calendar"
	"lakehouse.invalid/peer/internal/contact"
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
	// The workers that share a datum, in the roster's order. The keys are in
	// lower case; phone numbers are bare digits.
	byEmail, byPhone, bySameID, byName map[string][]*Worker
}

// Empty returns a roster without workers.
func Empty() *Roster { return index(nil) }

func index(workers []*Worker) *Roster {
	r := &Roster{
		workers:  workers,
		byID:     make(map[string]*Worker, len(workers)),
		byEmail:  make(map[string][]*Worker, len(workers)),
		byPhone:  make(map[string][]*Worker, len(workers)),
		bySameID: make(map[string][]*Worker, len(workers)),
		byName:   make(map[string][]*Worker, len(workers)),
	}
	for _, w := range workers {
		r.byID[w.ID] = w
		add(r.bySameID, text.Lower(w.ID), w)
		if contact.IsEmail(w.Email) {
			add(r.byEmail, text.Lower(w.Email), w)
		}
		if digits, ok := contact.Phone(w.Phone); ok {
			add(r.byPhone, digits, w)
		}
		if words := text.NameWords(w.Name); len(words) >= MinNameWords && len(words) <= MaxNameWords {
			add(r.byName, nameKey(words), w)
		}
	}
	return r
}

func add(m map[string][]*Worker, key string, w *Worker) { m[key] = append(m[key], w) }

// The number of words of a name that is searched for in texts.
const (
	MinNameWords = 2
	MaxNameWords = 4
)

func nameKey(words []string) string { return strings.Join(words, " ") }

// Len returns the number of workers.
func (r *Roster) Len() int { return len(r.workers) }

// Worker returns the worker with exactly that id, or nil.
func (r *Roster) Worker(id string) *Worker { return r.byID[id] }

// WithEmail returns the workers whose email address is the same text.
func (r *Roster) WithEmail(s string) []*Worker { return r.byEmail[text.Lower(s)] }

// WithPhone returns the workers with those digits, as contact.Phone returns
// them.
func (r *Roster) WithPhone(digits string) []*Worker { return r.byPhone[digits] }

// WithSameID returns the workers whose id is the same text.
func (r *Roster) WithSameID(s string) []*Worker { return r.bySameID[text.Lower(s)] }

// WithName returns the workers whose name has these words, as text.NameWords
// returns them.
func (r *Roster) WithName(words []string) []*Worker { return r.byName[nameKey(words)] }
