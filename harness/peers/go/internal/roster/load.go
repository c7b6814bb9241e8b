package roster

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"lakehouse.invalid/peer/internal/calendar"
	"lakehouse.invalid/peer/internal/fields"
	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/text"
)

// ErrRead means that the file cannot be read.
var ErrRead = errors.New("roster cannot be read")

// Load reads a roster file; without a path the roster is empty.
func Load(path string) (*Roster, error) {
	if path == "" {
		return Empty(), nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, ErrRead
	}
	return Parse(content)
}

// Parse reads JSON Lines, one worker per line. The error names the first bad
// line.
func Parse(content []byte) (*Roster, error) {
	var workers []*Worker
	ids := map[string]bool{}
	number := 0
	for line := range bytes.Lines(content) {
		number++
		if text.Blank(string(line)) {
			continue
		}
		w, err := parseWorker(line)
		if err == nil && ids[w.ID] {
			err = fmt.Errorf("worker `%s` is listed twice", w.ID)
		}
		if err != nil {
			return nil, fmt.Errorf("roster line %d: %w", number, err)
		}
		ids[w.ID] = true
		workers = append(workers, w)
	}
	return index(workers), nil
}

var (
	isString  = fields.Is(rawjson.String)
	isStrings = fields.ArrayOf(isString)
	notEmpty  = fields.String(func(s string) bool { return s != "" })
)

func parseWorker(line []byte) (*Worker, error) {
	v, err := rawjson.Parse(line, 0)
	if err != nil {
		return nil, errors.New("not valid JSON")
	}
	if v.Kind() != rawjson.Object {
		return nil, errors.New("not a JSON object")
	}
	r := fields.Reader{Members: v.Members()}
	w := &Worker{
		ID:              r.Required("worker_id", "a string that is not empty", notEmpty).Text(),
		Name:            r.Required("name", "a string", isString).Text(),
		City:            r.Required("city", "a string", isString).Text(),
		State:           r.Required("state", "a string", isString).Text(),
		Phone:           r.Required("phone", "a string", isString).Text(),
		Email:           r.Required("email", "a string", isString).Text(),
		Roles:           fields.Strings(r.Required("roles", "an array of strings", isStrings)),
		Active:          r.Required("active", "a boolean", fields.Is(rawjson.Bool)).Bool(),
		ExcludedClients: fields.Strings(r.Optional("excluded_clients", "an array of strings", isStrings)),
	}
	for _, e := range r.Optional("bookings", "an array of bookings", fields.ArrayOf(isBooking)).Elements() {
		b, _ := parseBooking(e)
		w.Bookings = append(w.Bookings, b)
	}
	return w, r.Err()
}

func isBooking(v rawjson.Value) bool {
	_, ok := parseBooking(v)
	return ok
}

func parseBooking(v rawjson.Value) (Booking, bool) {
	r := fields.Reader{Members: v.Members()}
	b := Booking{
		Date:  r.Required("date", "a date", fields.String(calendar.IsDate)).Text(),
		Start: r.Required("start", "a time", fields.String(calendar.IsTime)).Text(),
		End:   r.Required("end", "a time", fields.String(calendar.IsTime)).Text(),
	}
	if r.Err() != nil {
		return Booking{}, false
	}
	b.Shift = calendar.NewShift(b.Date, b.Start, b.End)
	return b, true
}
