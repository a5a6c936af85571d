/// Lets `--publish TOPIC -1` publish a number: the argument parser takes what begins with a minus for an option.
enum NegativeNumber {
    /// The arguments with a space, which JSON allows, before each number that is published.
    static func shielded(_ arguments: [String]) -> [String] {
        var shielded = arguments
        for (index, word) in arguments.enumerated().dropFirst(2) where arguments[index - 2] == "--publish" {
            if word.hasPrefix("-"), word.dropFirst().first?.isNumber == true { shielded[index] = " " + word }
        }
        return shielded
    }
}
