package validate

import (
	"lakehouse.invalid/peer/internal/calendar"
	"lakehouse.invalid/peer/internal/fields"
	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/wire"
)

// Kinds are the kinds of artifacts; OneOfKinds lists them for an error.
var (
	Kinds      = []string{"fill", "email", "sms", "playbook"}
	OneOfKinds = "one of " + fields.List(Kinds)
)

// Request is an artifact to check.
type Request struct {
	Kind     string
	Artifact rawjson.Value
	Context  Context
}

// Context has the known facts of the job; absent ones are nil, or 0 for the
// count.
type Context struct {
	Count                     int64
	Role, City, State, Client *string
	Date, Start, End          *string
	WorkerID                  *string
}

var (
	requestFields = []string{"kind", "artifact", "context"}
	contextFields = []string{"count", "role", "city", "state", "client", "date", "start", "end", "worker_id"}

	isString = fields.Is(rawjson.String)
)

// ReadRequest reads a request body; its errors are problems.
func ReadRequest(body []byte) (*Request, error) {
	members, err := wire.ReadObject(body, requestFields)
	if err != nil {
		return nil, err
	}
	r := fields.Reader{Members: members}
	req := &Request{
		Kind:     r.Required("kind", OneOfKinds, fields.OneOf(Kinds...)).Text(),
		Artifact: r.Required("artifact", "any value", fields.Any),
	}
	context := r.Optional("context", "an object", fields.Is(rawjson.Object))
	if r.Err() != nil {
		return nil, wire.AsProblem(r.Err())
	}
	req.Context, err = ReadContext(context)
	return req, err
}

// ReadContext reads a context, which is an object or of kind Invalid.
func ReadContext(v rawjson.Value) (Context, error) {
	members := v.Members()
	if err := wire.CheckKnown(members, "context.", contextFields); err != nil {
		return Context{}, err
	}
	r := fields.Reader{Members: members, Prefix: "context."}
	optional := func(name, want string, fits fields.Test) *string {
		v := r.Optional(name, want, fits)
		if v.Kind() == rawjson.Invalid {
			return nil
		}
		s := v.Text()
		return &s
	}
	var c Context
	c.Count, _ = r.Optional("count", "an integer from 1 to 1000", fields.Integer(1, 1000)).Integer()
	c.Role = optional("role", "a string", isString)
	c.City = optional("city", "a string", isString)
	c.State = optional("state", "a string", isString)
	c.Client = optional("client", "a string", isString)
	c.Date = optional("date", "a date (YYYY-MM-DD)", fields.String(calendar.IsDate))
	c.Start = optional("start", "a time (HH:MM)", fields.String(calendar.IsTime))
	c.End = optional("end", "a time (HH:MM)", fields.String(calendar.IsTime))
	c.WorkerID = optional("worker_id", "a string", isString)
	if r.Err() != nil {
		return Context{}, wire.AsProblem(r.Err())
	}
	return c, nil
}
