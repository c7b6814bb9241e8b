package understand

// maxRead is the number of characters of a query that are read.
const maxRead = 2000

// ReadPart returns the part of a query that is read for what it asks for.
func ReadPart(query string) string {
	count := 0
	for at := range query {
		if count == maxRead {
			return query[:at]
		}
		count++
	}
	return query
}
