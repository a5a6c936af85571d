import CLibFuzzer

/// Runs libFuzzer with the command line's arguments; returns when it is done.
///
/// - Parameter callback: Called with each input, which is only borrowed; answers 0.
public func runFuzzer(_ callback: @escaping @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32) {
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    _ = LLVMFuzzerRunDriver(&count, &arguments, callback)
}

/// Ends the process with a finding where a property does not hold.
///
/// - Parameters:
///   - holds: The property.
///   - property: What it says.
public func require(_ holds: @autoclosure () -> Bool, _ property: @autoclosure () -> String) {
    // A finding has to end the process: that is how libFuzzer learns of it and keeps the input.
    if !holds() { fatalError("finding: \(property())") }
}

/// The input as an array; empty where there is none.
///
/// - Parameters:
///   - data: From libFuzzer.
///   - size: From libFuzzer.
/// - Returns: A copy of the input.
public func input(_ data: UnsafePointer<UInt8>?, _ size: Int) -> [UInt8] { Array(UnsafeBufferPointer(start: data, count: size)) }
