package vectors

import (
	"encoding/binary"
	"fmt"
	"math"
)

// The kinds of records in the journal.
const (
	opCreate = "create"
	opDrop   = "drop"
	opUpsert = "upsert"
	opDelete = "delete"
)

// record is a write in the journal.
type record struct {
	Op        string       `json:"op"`
	Index     string       `json:"index"`
	Dimension int          `json:"dimension,omitempty"`
	Distance  Distance     `json:"distance,omitempty"`
	Space     *string      `json:"space,omitempty"`
	Items     []itemRecord `json:"items,omitempty"`
	IDs       []string     `json:"ids,omitempty"`
}

// itemRecord is an item: the vector as little-endian floats, the metadata as
// a string of JSON, which keeps its spelling.
type itemRecord struct {
	ID       string  `json:"id"`
	Vector   []byte  `json:"vector"`
	Metadata string  `json:"metadata"`
	Text     *string `json:"text,omitempty"`
}

func upsertRecord(index string, items []*Item) record {
	r := record{Op: opUpsert, Index: index, Items: make([]itemRecord, len(items))}
	for i, item := range items {
		vector := make([]byte, 0, 4*len(item.Vector))
		for _, x := range item.Vector {
			vector = binary.LittleEndian.AppendUint32(vector, math.Float32bits(x))
		}
		r.Items[i] = itemRecord{item.ID, vector, string(item.Metadata.Raw()), item.Text}
	}
	return r
}

func (r itemRecord) item() *Item {
	item := &Item{ID: r.ID, Text: r.Text, Metadata: mustParse(r.Metadata), Vector: make([]float32, len(r.Vector)/4)}
	for i := range item.Vector {
		item.Vector[i] = math.Float32frombits(binary.LittleEndian.Uint32(r.Vector[4*i:]))
	}
	item.index()
	return item
}

// replay applies a record.
func (s *Store) replay(r record) error {
	x, ok := s.Get(r.Index)
	if ok == (r.Op == opCreate) {
		return fmt.Errorf("`%s` does not go with index `%s`", r.Op, r.Index)
	}
	switch r.Op {
	case opCreate:
		s.add(r.Index, Spec{r.Dimension, r.Distance, r.Space})
	case opDrop:
		s.drop(x)
	case opUpsert:
		items := make([]*Item, len(r.Items))
		for i, item := range r.Items {
			items[i] = item.item()
		}
		x.put(items)
	case opDelete:
		x.delete(r.IDs)
	default:
		return fmt.Errorf("unknown operation `%s`", r.Op)
	}
	return nil
}
