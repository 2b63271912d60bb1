%% customers, version 1: keeps addresses, which are records of another module.
-module(customers).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

%% As the header of that module has it.
-record(address, {city}).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{addresses => []}}.

handle_call({add, City}, _, #{addresses := Old}) ->
    All = [#address{city = City} | Old],
    {reply, length(All), #{addresses => All}}.

handle_cast(never, State) -> {noreply, State}.
